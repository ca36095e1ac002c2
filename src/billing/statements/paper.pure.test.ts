import { expect, it } from 'vitest'
import { pdfText } from '../../testing/pdf-text.ts'
import { type StatementPaper, statementPdf } from './paper.ts'

const NAME = 'The Ashford and Millbrook Improvement Association of Homeowners and Tenants, attention Bookkeeping'
const ADDRESS = '1234 North Old Millbrook Station Road, Building 12, Apartment 204, behind the Granary'

const paper = (changed: Partial<StatementPaper> = {}): StatementPaper => ({
  town: { name: 'Testville', lines: ['1 Hall St'] },
  ...{ message: '', number: '7', date: '2026-04-20', account: '1.01' },
  ...{ customer: 'Avery', serviceAddress: '1 Main St', to: ['Avery', '1 Main St'] },
  figures: {
    ...{ previous: '0.00', payments: '0.00', adjustments: '0.00', balanceForward: '0.00', charges: '5.00' },
    ...{ amount: '5.00', dueDate: '2026-05-05', services: [{ service: 'Water', amount: '5.00' }], lines: [] },
  },
  ...changed,
})

const missing = (text: string, written: string) => written.split(' ').filter((word) => !text.includes(word))

it('001-391: long names and addresses stand on the statement to their end, in more than one line', async () => {
  const to = [NAME, ADDRESS, 'Ashford, UT 84000']
  const text = pdfText(await statementPdf(paper({ customer: NAME, serviceAddress: ADDRESS, to })))
  expect(missing(text, `${NAME} ${ADDRESS} ${NAME.toUpperCase()} ${ADDRESS.toUpperCase()}`)).toEqual([])
  for (const whole of [NAME, ADDRESS, NAME.toUpperCase()]) expect(text).not.toContain(whole)
})

it('a duplicate says for whom it is within the page', async () => {
  const text = pdfText(await statementPdf(paper(), [{ to: [NAME] }]))
  expect(missing(text, `Duplicate, sent to ${NAME}`)).toEqual([])
  expect(text).not.toContain(`sent to ${NAME}`)
})
