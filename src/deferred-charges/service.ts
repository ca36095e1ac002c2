import Big from 'big.js'
import { sql } from 'drizzle-orm'
import { type Db, rows } from '../db/db.ts'
import type { Day } from '../ledger/calendar.ts'
import { type Money, money } from '../ledger/money.ts'
import type { Calculation, DeferredCharge, DeferredStatement, Trigger } from './rules.ts'

interface RawCharge {
  code: string
  name: string
  trigger: Trigger
  fixed: string | null
  percentage: string | null
  roundUp: string | null
  calculation: Calculation
  cap: string | null
  onlyIfCovered: boolean
  gl: string | null
  order: string | null
}

interface Deferred {
  charges: DeferredCharge[]
  statement: DeferredStatement | null
}

/**
 * The charges that a payment of an account on a day may bring, in their Apply Order: active, taken part in, and not charged
 * on the latest statement yet; with that statement, the one with the latest Statement Date up to the day. One statement
 * for all that are asked about, answered in their order.
 */
export async function deferredOf(db: Db, asked: readonly { accountId: number; date: Day }[]): Promise<Deferred[]> {
  const wanted = asked.map(({ accountId, date }, place) => ({ place, id: accountId, date }))
  const found = await rows<{ deferred: RawDeferred | null }>(
    db,
    sql`select ${DEFERRED} as deferred from jsonb_to_recordset(${JSON.stringify(wanted)}::jsonb) as asked(place int, id int, date date)
      order by asked.place`,
  )
  return found.map(({ deferred }) => read(deferred ?? { charges: [], statement: null }))
}

const read = ({ charges, statement }: RawDeferred): Deferred => ({
  charges: charges.map(chargeRead),
  statement: statement && { number: statement.number, amount: money(statement.amount) },
})

interface RawDeferred {
  statement: { number: string; amount: string } | null
  charges: RawCharge[]
}

/** Json of the `RawDeferred` of the account and day in `asked`. */
const DEFERRED = sql`(with a as materialized (select id, number, customer_id from account where id = asked.id),
      last as materialized (select k.number, k.amount from ledger.statement k join a on a.id = k.account_id
        where k.date <= asked.date order by k.date desc, k.made_at desc, k.id desc limit 1)
    select json_build_object('statement', (select json_build_object('number', number, 'amount', amount::text) from last),
      'charges', (select coalesce(json_agg(json_build_object('code', d.code, 'name', d.name, 'trigger', d.trigger, 'calculation', d.calculation,
          'fixed', case when d.use_fixed then d.fixed::text end, 'percentage', case when d.use_percentage then d.percentage::text end,
          'roundUp', case when d.use_round_up then d.round_up::text end, 'cap', case when d.capped then d.cap::text end,
          'onlyIfCovered', d.only_if_covered, 'gl', g.number,
          'order', case when not d.company_order then d.service_order end) order by d.sort, d.code), '[]')
        from deferred_charge d left join deferred_participation p on p.deferred_charge_id = d.id and p.customer_id = a.customer_id
        left join gl_account g on g.id = d.gl_id
        where d.active and coalesce(p.takes_part, d.signup = 'opt_out') and not exists (select from ledger.live_source s
          where s.source_key = 'deferred/' || d.code || '/' || a.number || '/' || coalesce((select number from last), 'none'))))
    from a)`

const amountRead = (written: string | null): Money | null => (written === null ? null : money(written))

function chargeRead(raw: RawCharge): DeferredCharge {
  const order = raw.order?.split('\n').filter((code) => code !== '') ?? []
  return {
    ...raw,
    fixed: amountRead(raw.fixed),
    percentage: raw.percentage === null ? null : new Big(raw.percentage),
    roundUp: amountRead(raw.roundUp),
    cap: amountRead(raw.cap),
    order: order.length > 0 ? order : null,
  }
}
