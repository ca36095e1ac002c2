import { money } from '../ledger/money.ts'
import { takePayment } from '../payments/service.ts'
import { aCharge, anAccount, clerkTown } from './clerk-town.ts'
import { freshTown } from './database.ts'

const SERVICES = ['WA', 'SE', 'GA', 'PE', 'EL', 'ST']
const TODAY = '2011-04-20'

/** A town with six services on 04/20/2011; accounts that owe, and checks that they pay with. */
export async function payingTown() {
  const town = await freshTown()
  await clerkTown(town.db, { services: SERVICES.map((code) => ({ code, subject: true, certificationPeriods: 2 })) })
  let next = 200
  const who = (may = true) => ({
    db: town.app,
    actor: { id: 0, name: 'system', role: 'clerk' as const, seesPrivate: false },
    today: TODAY,
    may: () => may,
  })
  /** The number of a new account that was billed these amounts, by service. */
  const owing = async (amounts: Record<string, string>, date = '2011-03-31'): Promise<string> => {
    const number = `${next++}.01`
    await anAccount(town.db, { number, services: SERVICES })
    await aCharge(town.db, number, date, amounts)
    return number
  }
  const pay = (number: string, amount: string, more: object = {}, key?: string) => {
    const check = { amount: money(amount), date: TODAY, method: 'check', checkNumber: '1187' }
    return takePayment(who(), number, { ...check, ...more }, key)
  }
  return { town, today: TODAY, who, owing, pay }
}

export type PayingTown = Awaited<ReturnType<typeof payingTown>>
