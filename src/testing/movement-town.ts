import { sql } from 'drizzle-orm'
import { accountView } from '../accounts/service.ts'
import { money } from '../ledger/money.ts'
import { takePayment } from '../payments/service.ts'
import { aCharge, anAccount, clerkTown, setLists } from './clerk-town.ts'
import { freshTown } from './database.ts'

export const MOVEMENT_DAY = '2011-04-20'

/** A town with water, sewer and tax of percentage rates, an NSF fee of 30.00, and helpers that move money in it. */
export async function movementTown() {
  const town = await freshTown()
  let next = 200
  await clerkTown(town.db, {
    services: [
      { code: 'WA', name: 'Water', kind: 'metered' },
      { code: 'SE', name: 'Sewer' },
      { code: 'TX', name: 'Tax' },
      { code: 'NS', name: 'Returned payments', kind: 'fee' },
    ],
    lists: { overpayment: ['WA'] },
    settings: { nsf_fee: '30.00', nsf_service: 'NS', transfer_gl: '1090', refund_gl: '1010' },
  })
  await town.db.execute(sql`insert into gl_account (number, name, type) values ('1090', 'Transfers', 'asset')`)
  await town.db.execute(sql`insert into rate (code, service_id, name, effective_from, based_on, percent)
    values ('S80', (select id from service where code = 'SE'), 'Sewer', '2010-01-01', 'WA', 80),
      ('T5', (select id from service where code = 'TX'), 'Tax', '2010-01-01', 'WA', 5)`)

  const who = (may = true, db = town.app) => ({
    db,
    actor: { id: 0, name: 'system', role: 'supervisor' as const, seesPrivate: false },
    today: MOVEMENT_DAY,
    may: () => may,
  })

  return {
    town,
    who,
    /** A new account that owes this. */
    async owing(amounts: Record<string, string>, date = '2011-03-31', more: object = {}): Promise<string> {
      const number = `${next++}.01`
      await anAccount(town.db, { number, services: ['WA', 'SE', 'TX'], ...more })
      if (Object.keys(amounts).length > 0) await aCharge(town.db, number, date, amounts)
      return number
    },
    pay: (number: string, amount: string, more: object = {}) =>
      takePayment(who(), number, {
        ...{ amount: money(amount), date: MOVEMENT_DAY, method: 'check', checkNumber: '1187' },
        ...more,
      }),
    balance: async (number: string) => (await accountView(town.db, number, { today: MOVEMENT_DAY })).balance,
    /** `WA 2011-03-31 40.00`, newest first by service. */
    async periods(number: string): Promise<string[]> {
      const { services } = await accountView(town.db, number, { today: MOVEMENT_DAY })
      return services.flatMap(({ service, periods }) =>
        periods.map((each) => `${service} ${each.period} ${each.unpaid}`),
      )
    },
    put: (name: string, value: string) =>
      town.db.execute(sql`insert into setting (name, value) values (${name}, ${value})
        on conflict (name) do update set value = excluded.value`),
    lists: (lists: Parameters<typeof setLists>[1]) => setLists(town.db, lists),
    /** Sewer 80 % of water, tax 5 % of water. */
    withRates: (number: string) =>
      town.db.execute(sql`update account_service x set rate = case s.code when 'SE' then 'S80' when 'TX' then 'T5' end
        from service s where s.id = x.service_id and x.account_id = (select id from account where number = ${number})`),
  }
}

export type MovementTown = Awaited<ReturnType<typeof movementTown>>
