import { afterAll, beforeAll, expect, it } from 'vitest'
import { reverseTransaction } from '../payments/service.ts'
import { transferPayment } from '../payments/transfer.ts'
import { appFor, type Browser, signedIn } from '../testing/browser.ts'
import { words } from '../testing/form.ts'
import { MOVEMENT_DAY, type MovementTown, movementTown } from '../testing/movement-town.ts'

let made: MovementTown
let clerk: Browser

beforeAll(async () => {
  made = await movementTown()
  clerk = await signedIn(made.town, 'clerk', appFor(made.town, { today: MOVEMENT_DAY }))
})
afterAll(() => made.town.drop())

const last = async (account: string, asOf = '') =>
  /Last payment (never|\S+ \S+)/.exec(words((await clerk.get(`/panel/${account}${asOf}`)).text))?.[1]

it('001-038: a payment moved to another account is the last one there, and here no more; taken back, it is as it was', async () => {
  const [a, b] = [await made.owing({ WA: '90.00' }), await made.owing({ WA: '90.00' })]
  await made.pay(a, '20.00', { date: '2011-04-05' })
  await made.pay(b, '30.00', { date: '2011-04-06' })
  const wrong = await made.pay(a, '60.00', { date: '2011-04-10' })
  const both = async (asOf = '') => [await last(a, asOf), await last(b, asOf)]
  expect(await both()).toEqual(['04/10/2011 60.00', '04/06/2011 30.00'])

  const input = { to: b, reason: 'wrong account', date: '2011-04-15' }
  const { transactionIds } = await transferPayment(made.who(), wrong.transactionId, input)
  expect(await both()).toEqual(['04/05/2011 20.00', '04/15/2011 60.00'])
  expect(await both('?asOf=2011-04-12')).toEqual(['04/10/2011 60.00', '04/06/2011 30.00'])

  const back = { reason: 'it was theirs', date: '2011-04-18' }
  await reverseTransaction(made.who(), transactionIds[0] ?? '', back)
  expect(await both()).toEqual(['04/10/2011 60.00', '04/06/2011 30.00'])
  expect(await both('?asOf=2011-04-16')).toEqual(['04/05/2011 20.00', '04/15/2011 60.00'])
})

it('never, where the only one was moved away', async () => {
  const [a, b] = [await made.owing({ WA: '90.00' }), await made.owing({ WA: '90.00' })]
  const { transactionId } = await made.pay(a, '20.00')
  await transferPayment(made.who(), transactionId, { to: b, reason: 'wrong account' })
  expect([await last(a), await last(b)]).toEqual(['never', '04/20/2011 20.00'])
})
