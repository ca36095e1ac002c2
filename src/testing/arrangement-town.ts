import { sql } from 'drizzle-orm'
import { money } from '../ledger/money.ts'
import { takePayment } from '../payments/service.ts'
import { addPayment } from '../payments/unposted.ts'
import { appFor, type Browser, signedIn } from './browser.ts'
import { aCharge, anAccount, clerkTown } from './clerk-town.ts'
import { freshTown } from './database.ts'

export const ARRANGED_ON = '2026-11-20'

/** A town with accounts that owe 180.00 of water and 70.00 of sewer, and people who may and may not arrange. */
export async function arrangementTown() {
  const town = await freshTown()
  await clerkTown(town.db, {
    services: [
      { code: 'WA', name: 'Water', kind: 'metered', subject: true },
      { code: 'SE', name: 'Sewer' },
    ],
    currentPeriod: '2026-11-30',
  })
  const owing = async (number: string, more: object = {}) => {
    await anAccount(town.db, { number, services: ['WA', 'SE'], ...more })
    await aCharge(town.db, number, '2026-09-30', { WA: '100.00', SE: '70.00' })
    await aCharge(town.db, number, '2026-10-31', { WA: '80.00' })
  }
  const app = appFor(town, { today: ARRANGED_ON })
  const supervisor = await signedIn(town, 'supervisor', app)
  const who = { db: town.db, actor: { ...supervisor.user, seesPrivate: true }, today: ARRANGED_ON, may: () => true }
  return {
    town,
    app,
    owing,
    supervisor,
    who,
    clerk: await signedIn(town, 'clerk', app),
    on: (today: string): Promise<Browser> => signedIn(town, 'supervisor', appFor(town, { today })),
    pay: (number: string, amount: string, date = ARRANGED_ON) =>
      takePayment({ ...who, today: date }, number, { amount: money(amount), date, method: 'check', checkNumber: '7' }),
    /** A payment that waits in a batch. */
    unposted: (number: string, amount: string) =>
      addPayment(who, number, { amount: money(amount), date: ARRANGED_ON, method: 'check', checkNumber: '8' }),
    put: (name: string, value: string) =>
      town.db.execute(
        sql`insert into setting (name, value) values (${name}, ${value}) on conflict (name) do update set value = excluded.value`,
      ),
  }
}

export type ArrangementTown = Awaited<ReturnType<typeof arrangementTown>>
