import { sql } from 'drizzle-orm'
import { z } from 'zod'
import { type Db, one, rows } from '../../db/db.ts'
import { Refused } from '../../errors.ts'
import { type Day, formatDay } from '../../ledger/calendar.ts'
import type { AccountServiceState } from '../../ledger/effect.ts'
import { money } from '../../ledger/money.ts'
import { FREQUENCY, frequencyText } from '../../organization/frequencies.ts'
import type { Preparing, RunKind } from '../../runs/kind.ts'
import type { PreviewLine } from '../../runs/stage.ts'
import { billed } from '../billed.ts'
import { refuseUnknownRate } from '../rates.ts'
import { changeService, type ServiceChange, type ServiceFacts } from './rules.ts'

const day = () => z.iso.date()
const number = () => z.string().regex(/^\d{1,10}(\.\d{1,4})?$/, 'a number with at most 4 decimals')

const options = z.strictObject({
  action: z.enum(['add', 'disconnect', 'delete']),
  service: z.string().max(20),
  rate: z.string().max(20).optional(),
  quantity: number().optional(),
  units: number().regex(/[1-9]/, 'above zero').optional(),
  frequency: z.enum(FREQUENCY).optional(),
  connectDate: day().optional(),
  disconnectDate: day().optional(),
})
export type BatchServiceOptions = z.infer<typeof options>

const ACTIONS = { add: 'Add the service', disconnect: 'Give a disconnect date', delete: 'Delete the service' }

/**
 * Customers > Batch Add/Delete Services: adds a service to the selected accounts, gives it a disconnect date, or takes it
 * off where it was never billed. Moves no money. Reverse puts each account back where the service is still as the run left it.
 */
export const batchServices: RunKind<BatchServiceOptions> = {
  kind: 'customers.batch-services',
  menu: 'Customers',
  title: 'Batch Add/Delete Services',
  path: '/batch-services',
  may: { prepare: 'customers.edit', post: 'accounts.terms', reverse: 'accounts.terms' },
  options,
  factsKind: 'version',
  eachAlone: {},
  check: async (db, given) => {
    await asked(db, given)
  },
  prepare,
  columns: [],
  defaults: async (_db, today) => ({
    action: 'add',
    quantity: '1',
    units: '1',
    frequency: 'monthly',
    connectDate: today,
  }),
  describe: (given) => [
    { label: 'What to do', value: ACTIONS[given.action] },
    { label: 'Service', value: given.service },
    ...(given.action === 'add' ? addedWords(given) : []),
    ...(given.disconnectDate ? [{ label: 'Disconnect date', value: formatDay(given.disconnectDate) }] : []),
  ],
  explain: ({ facts }) => [(facts as { says: string }).says],
}

const addedWords = (given: BatchServiceOptions) => [
  { label: 'Rate', value: given.rate || 'none' },
  { label: 'Quantity', value: given.quantity ?? '1' },
  { label: 'Unit/shares', value: given.units ?? '1' },
  { label: 'Frequency', value: frequencyText(given.frequency ?? 'monthly') },
  { label: 'Connect date', value: given.connectDate ? formatDay(given.connectDate) : '' },
]

interface Row extends ServiceFacts {
  id: number
  version: string
  balance: string
}

/** What the options ask for; refuses, by the field, a service, a rate or a date that cannot be. */
async function asked(db: Db, given: BatchServiceOptions) {
  const service = await serviceOf(db, given)
  const change = changeOf(given, service)
  if (change.action === 'add') await refuseUnknownRate(db, change.rate, 'rate')
  return { service, change }
}

async function prepare({ db, selected, stage, progress }: Preparing, given: BatchServiceOptions) {
  const { service, change } = await asked(db, given)
  const found = await accountRows(db, service.id, change.action, selected)
  for (const row of found) {
    const decision = changeService(service.id, change, row)
    if ('left' in decision) {
      stage.exclude(row.id, [decision.left])
      continue
    }
    const says = sayOf(service.name, change, decision.state)
    const balance = money(row.balance)
    const lines: PreviewLine[] = []
    stage.account({
      accountId: row.id,
      fingerprint: row.version,
      before: balance,
      after: balance,
      facts: { says },
      lines,
    })
    stage.effect({
      kind: 'account_service',
      accountId: row.id,
      target: row.id,
      old: row.state,
      new: decision.state,
      note: says,
    })
  }
  await progress(found.length, found.length)
  return {}
}

function sayOf(name: string, change: ServiceChange, state: AccountServiceState | null): string {
  if (state === null) return `${name} is taken off the account; it was never billed.`
  if (change.action === 'add') return `${name} is added, connected ${formatDay(change.connectDate)}.`
  return `${name} is disconnected ${state.disconnectDate ? formatDay(state.disconnectDate) : ''}.`
}

interface Service {
  id: number
  name: string
  defaultRate: string | null
  takesNew: boolean
}

async function serviceOf(db: Db, { service: code, action }: BatchServiceOptions): Promise<Service> {
  const found = await one<Service>(
    db,
    sql`select id, name, default_rate as "defaultRate", active and allow_new_billings as "takesNew" from service
      where code = ${code} and id <> 0`,
  )
  if (!found) throw atField('unknown_service', 'service', `There is no service ${code}.`)
  if (action === 'add' && !found.takesNew)
    throw atField('no_new_billings', 'service', `${found.name} takes no new billings.`)
  return found
}

function changeOf(given: BatchServiceOptions, service: Service): ServiceChange {
  if (given.action === 'delete') return { action: 'delete' }
  if (given.action === 'disconnect')
    return { action: 'disconnect', disconnectDate: needed(given.disconnectDate, 'disconnectDate', 'Disconnect date') }
  return {
    action: 'add',
    rate: given.rate || service.defaultRate,
    quantity: given.quantity ?? '1',
    units: given.units ?? '1',
    frequency: given.frequency ?? 'monthly',
    connectDate: needed(given.connectDate, 'connectDate', 'Connect date'),
  }
}

function needed(date: Day | undefined, field: string, label: string): Day {
  if (date) return date
  throw atField('date_missing', field, `${label} is needed.`)
}

const atField = (code: string, field: string, sentence: string) => new Refused(code, sentence, { [field]: sentence })

/** Whether something was posted to the service is asked where it decides: it looks through the accounts' whole history. */
function accountRows(
  db: Db,
  serviceId: number,
  action: ServiceChange['action'],
  selected: number[] | undefined,
): Promise<Row[]> {
  const chosen = selected
    ? sql`a.id in (select value::int from jsonb_array_elements_text(${JSON.stringify(selected)}::jsonb))`
    : sql`true`
  return rows<Row>(
    db,
    sql`select a.id, l.version::text, a.activity_status as "activityStatus", a.connect_date as "accountConnect",
        ledger.service_state(a.id, ${serviceId}) as state,
        ${action === 'delete' ? billed(sql`a.id`, sql`${serviceId}`) : sql`false`} as billed,
        coalesce((select sum(o.unpaid) from ledger.open_item o where o.account_id = a.id), 0)::numeric(14,2)::text as balance
      from account a join ledger.account_ledger l on l.account_id = a.id where ${chosen}
      order by ledger.number_order(a.number), a.number`,
  )
}
