import Big from 'big.js'
import { sql } from 'drizzle-orm'
import { type Db, rows } from '../db/db.ts'
import { type Money, moneyOf, text, ZERO } from '../ledger/money.ts'
import { type Calculation, deferredAmount, deferredParts } from './rules.ts'

type Typed = Record<string, string>

const lines = (written: string | undefined): string[] => (written ?? '').split(/\r?\n/).filter((code) => code !== '')

/**
 * What a button beside the Service Apply Order makes of what is typed: `up:WA`, `down:WA`, `out:WA`, `in:WA`. The example
 * alone presses nothing.
 */
export function pressed({ press = '', statement = '', ...typed }: Typed): Typed {
  const [action = '', code = ''] = [press.slice(0, press.indexOf(':')), press.slice(press.indexOf(':') + 1)]
  const order = lines(typed.serviceOrder)
  const at = order.indexOf(code)
  const moved = order.filter((each) => each !== code)
  if (action === 'in' && at < 0) moved.push(code)
  if (action === 'up' || action === 'down') {
    moved.splice(Math.max(0, Math.min(at + (action === 'up' ? -1 : 1), moved.length)), 0, code)
  }
  const changed = action === '' ? typed : { ...typed, serviceOrder: moved.join('\n') }
  return { ...changed, statement }
}

/** What the form shows beside its fields: the services in their order, those that are not in it, and the example. */
export async function editorOf(db: Db, typed: Typed): Promise<object> {
  const all = await rows<{ code: string; name: string }>(
    db,
    sql`select code, name from service where id <> 0 order by sort, code`,
  )
  const order = lines(typed.serviceOrder)
  return {
    order: order.map((code) => ({ code, name: all.find((each) => each.code === code)?.name ?? '' })),
    others: all.filter(({ code }) => !order.includes(code)),
    companyOrder: typed.companyOrder === 'on',
    example: exampleOf(typed),
  }
}

const STATEMENT = '42.00'

/** What the charge would be on a statement of 42.00 with what is typed now; empty while nothing can be reckoned. */
function exampleOf(typed: Typed) {
  const shown = (typed.statement ?? '').trim() || STATEMENT
  const asked = moneyOf(shown)
  const statement = asked.ok ? asked.value : ZERO
  const methods = {
    fixed: typed.useFixed === 'on' ? amountOf(typed.fixed) : null,
    percentage: typed.usePercentage === 'on' ? numberOf(typed.percentage) : null,
    roundUp: typed.useRoundUp === 'on' ? amountOf(typed.roundUp) : null,
    calculation: (typed.calculation || 'maximum') as Calculation,
    cap: typed.capped === 'on' ? amountOf(typed.cap) : null,
  }
  const parts = deferredParts(methods, statement)
  return {
    statement: shown,
    parts: parts.map(({ method, amount }) => ({ method, amount: text(amount) })),
    amount: !asked.ok || parts.length === 0 ? '' : text(deferredAmount(methods, statement)),
  }
}

function amountOf(typed: string | undefined): Money | null {
  const read = moneyOf((typed ?? '').trim())
  return read.ok && read.value.gte(ZERO) ? read.value : null
}

const numberOf = (typed: string | undefined): Big | null =>
  /^\d{1,3}(\.\d{1,2})?$/.test((typed ?? '').trim()) ? new Big((typed ?? '').trim()) : null
