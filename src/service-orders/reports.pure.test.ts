import { expect, it } from 'vitest'
import { pdfText } from '../testing/pdf-text.ts'
import { orderPdf, ordersPdf } from './reports.ts'
import type { Order } from './tab.ts'

const place = {
  town: 'Testville',
  location: '1',
  serviceAddress: '1 Main St',
  account: '',
  today: '2026-04-20' as const,
}
const words = Array.from({ length: 280 }, (_, at) => `word${at}`)
const order = {
  ...{ number: '1001', category: 'Repair', code: 'LEAK', description: 'Leak', requested: '2026-04-20', due: null },
  ...{ urgent: false, assignedTo: null, completed: '2026-04-21' },
  instructions: words.join(' '),
  result: `${words.map((word) => `done-${word}`).join(' ')}\n${'x'.repeat(400)} last`,
} as unknown as Order

const missing = (text: string, list: readonly string[]) => list.filter((word) => !new RegExp(`${word}\\b`).test(text))

it('001-441: prints all of the instructions and of the result', async () => {
  const text = pdfText(await orderPdf(place, order))
  expect(missing(text, [...words, ...words.map((word) => `done-${word}`), 'last'])).toEqual([])
  expect(text).not.toMatch(/\.\.\./)
})

it('001-440: the history prints all of each result, over as many pages as it takes', async () => {
  const pdf = await ordersPdf(place, 'Orders', Array(12).fill(order), true)
  const text = pdfText(pdf)
  expect(text.match(/\blast\b/g)).toHaveLength(12)
  expect(text.match(/done-word279\b/g)).toHaveLength(12)
  expect(pdf.toString('latin1').match(/\/Type \/Page\b/g)?.length).toBeGreaterThan(1)
})
