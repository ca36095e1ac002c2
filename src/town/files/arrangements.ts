import { ACCOUNT, code, column, day, dollars, flag, oneOf, ref, SERVICE, text } from '../columns.ts'
import type { Faults } from '../faults.ts'
import { centsText } from '../history/entry.ts'
import { amount, moment, whole } from '../kinds.ts'
import type { Picture } from '../picture.ts'
import type { TownFile } from '../town-file.ts'

export const ARRANGEMENTS = 'arrangements.csv'

/** An arrangement that was read, and what its payments in the other file come to so far, in cents. */
export interface ReadArrangement {
  line: number
  amount: bigint
  payments: bigint
}

const ARRANGEMENT = { table: 'arrangement', by: 'number' }

/** Payment plans with their terms; what was paid on them is read from the history. */
export const arrangements: TownFile = {
  name: ARRANGEMENTS,
  table: 'public.arrangement',
  key: ['arrangement'],
  columns: [
    code('arrangement', { into: 'number', required: true }),
    { ...ref('account_number', ACCOUNT, { into: 'account_id' }), required: true },
    day('made_on', { required: true }),
    // what was posted later counts; empty = what is dated later does
    column('made_at', moment, { select: `to_char(t.made_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')` }),
    text('description'),
    dollars('account_balance', { required: true }),
    dollars('amount', { required: true }),
    flag('regular_billing', 'no'),
    oneOf('frequency', ['weekly', 'biweekly', 'monthly', 'quarterly']),
    day('start_date'),
    column('grace_days', whole(0, 90), { empty: '0' }),
    oneOf('payment_order', ['instalment', 'bill'], { empty: 'instalment' }),
    day('ended_on'),
    oneOf('ended_as', ['completed', 'broken', 'cancelled']),
    text('ended_reason'),
  ],
  complete(row, picture) {
    row.values.description ??= ''
    const regular = row.cell('regular_billing') === 'yes'
    for (const name of ['frequency', 'start_date']) {
      if (regular && row.cell(name) !== '') row.fault(name, 'leave it empty where regular_billing is yes')
      if (!regular && row.cell(name) === '') row.fault(name, 'this is required where regular_billing is not yes')
    }
    const arranged = centsOf(row.cell('amount'))
    if (arranged !== undefined) picture.arrangements.set(row.id, { line: row.line, amount: arranged, payments: 0n })
    if (!isCovered(row.cell('amount'), row.cell('account_balance'))) {
      row.fault('amount', 'it is above 0.00 and at most account_balance')
    }
    const ended = row.cell('ended_on') !== ''
    if (ended !== (row.cell('ended_as') !== '')) row.fault('ended_as', 'give both ended_on and ended_as, or neither')
    if (ended) return
    const open = picture.ids.get('unfinished_arrangement') ?? new Map<string, number>()
    if (open.has(row.cell('account_number'))) row.fault('account_number', 'it has two unfinished arrangements')
    picture.ids.set('unfinished_arrangement', open.set(row.cell('account_number'), row.line))
  },
}

const centsOf = (cell: string): bigint | undefined =>
  'value' in amount.read(cell) ? BigInt(cell.replace('.', '')) : undefined

function isCovered(part: string, whole: string): boolean {
  const [arranged, balance] = [centsOf(part), centsOf(whole)]
  return arranged === undefined || balance === undefined || (arranged > 0n && arranged <= balance)
}

export const arrangementServices: TownFile = {
  name: 'arrangement_services.csv',
  table: 'public.arrangement_service',
  conflict: ['arrangement_id', 'service_id'],
  untracked: true,
  key: ['arrangement', 'service'],
  columns: [
    { ...ref('arrangement', ARRANGEMENT), required: true },
    { ...ref('service', SERVICE), required: true },
    dollars('balance', { required: true }),
  ],
}

export const arrangementInstalments: TownFile = {
  name: 'arrangement_instalments.csv',
  table: 'public.arrangement_instalment',
  conflict: ['arrangement_id', 'position'],
  untracked: true,
  key: ['arrangement', 'payment'],
  columns: [
    { ...ref('arrangement', ARRANGEMENT), required: true },
    column('payment', whole(1, 120), { into: 'position', required: true }),
    day('due_date', { required: true }),
    dollars('amount', { required: true }),
  ],
  complete(row, picture) {
    const cents = centsOf(row.cell('amount'))
    if (cents === undefined) return
    if (cents <= 0n) row.fault('amount', 'it is above 0.00')
    const arrangement = picture.arrangements.get(Number(row.values.arrangement_id))
    if (arrangement) arrangement.payments += cents
  },
}

/** When both files are read: an arrangement's payments are its amount, to the cent. */
export function finishArrangements({ arrangements }: Picture, faults: Faults): void {
  for (const { line, amount, payments } of arrangements.values()) {
    if (payments !== amount)
      faults.add(
        ARRANGEMENTS,
        line,
        'amount',
        `its payments are ${centsText(payments)} together, not ${centsText(amount)}`,
      )
  }
}
