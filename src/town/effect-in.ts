import type { Effect } from '../ledger/effect.ts'
import { jsonIn } from './kinds.ts'
import type { Picture } from './picture.ts'
import type { SetUpRow } from './town-file.ts'

type Value = Record<string, unknown>
type Find = (number: string) => number | undefined

/** What an effect's value names: the field in the file, the field in the ledger, what it is, and how it is found. */
interface Name {
  to: string
  noun: string
  find: Find
}

interface Form {
  target: { noun: string; find: Find }
  names: Record<string, Name>
}

/** No row has this id: what an effect named and is no longer there. */
const GONE = 0

function forms(picture: Picture): Record<Effect['kind'], Form> {
  const inTable =
    (table: string): Find =>
    (number) =>
      picture.ids.get(table)?.get(number)
  const transaction: Find = (number) => picture.find(number)?.id
  const customer = { noun: 'customer', find: inTable('customer') }
  const alert = { noun: 'alert', find: inTable('customer_alert') }
  return {
    account_service: {
      target: { noun: 'account', find: inTable('account') },
      names: { service: { to: 'serviceId', noun: 'service', find: (code) => picture.services.get(code)?.id } },
    },
    collection_code: {
      target: customer,
      names: { code: { to: 'id', noun: 'collection code', find: inTable('collection_code') } },
    },
    alert_add: { target: customer, names: { alert: { to: 'id', ...alert } } },
    alert_end: { target: alert, names: {} },
    alert_reopen: { target: alert, names: {} },
    certification: {
      target: { noun: 'certification', find: inTable('certification') },
      names: {
        updatedRun: { to: 'updatedRunId', noun: 'run', find: inTable('run') },
        countyRun: { to: 'countyRunId', noun: 'run', find: inTable('run') },
        padj: { to: 'padjId', noun: 'transaction', find: transaction },
        feeTransaction: { to: 'feeTransactionId', noun: 'transaction', find: transaction },
        service: { to: 'serviceId', noun: 'service', find: (code) => picture.services.get(code)?.id },
      },
    },
  }
}

/** An effect of run_effects.csv as the ledger keeps it: numbers and codes become ids; what names nothing is refused. */
export function effectIn(row: SetUpRow, picture: Picture): { target: number; old: Value | null; new: Value | null } {
  const known = forms(picture)
  const kind = row.cell('kind')
  // its own column refuses another kind
  if (!Object.hasOwn(known, kind)) return { target: GONE, old: null, new: null }
  const form = known[kind as Effect['kind']]
  const idOf = (column: string, { noun, find }: { noun: string; find: Find }, number: unknown): number => {
    if (number === '') return GONE
    const id = typeof number === 'string' ? find(number) : undefined
    if (id === undefined) row.fault(column, `there is no ${noun} ${String(number)}`)
    return id ?? GONE
  }
  const value = (column: 'old' | 'new'): Value | null => {
    const read = jsonIn(row.cell(column))
    return read === null ? null : renamed(read, column)
  }
  const renamed = (given: unknown, column: string): Value => {
    if (typeof given !== 'object' || given === null || Array.isArray(given)) {
      row.fault(column, 'this is not a JSON object')
      return {}
    }
    return Object.fromEntries(
      Object.entries(given).map(([field, inner]) => {
        const name = Object.hasOwn(form.names, field) ? form.names[field] : undefined
        if (name) return [name.to, inner === null ? null : idOf(column, name, inner)]
        if (field === 'lines' && Array.isArray(inner)) return [field, inner.map((line) => renamed(line, column))]
        return [field === 'agesIn' ? 'agingPeriod' : field, inner]
      }),
    )
  }
  return { target: idOf('target', form.target, row.cell('target')), old: value('old'), new: value('new') }
}
