import type { Effect } from '../../ledger/effect.ts'
import { ACCOUNT, column, json, oneOf, ref, runRef, text } from '../columns.ts'
import { effectIn } from '../effect-in.ts'
import { whole, words } from '../kinds.ts'
import type { TownFile } from '../town-file.ts'
import { BY_RUN, ofTravelling } from './run-rows.ts'

/** What effects are about, by their kind: the table and the number that the town knows a row by. */
const TARGETS: Record<Effect['kind'], string> = {
  collection_code: 'select x.number from public.customer x',
  alert_add: 'select x.number from public.customer x',
  alert_end: 'select x.id::text from public.customer_alert x',
  alert_reopen: 'select x.id::text from public.customer_alert x',
  certification: 'select coalesce(x.number, x.id::text) from ledger.certification x',
  account_service: 'select x.number from public.account x',
}

const EFFECT_KINDS = Object.keys(TARGETS) as Effect['kind'][]

const whens = Object.entries(TARGETS).map(([kind, select]) => `when '${kind}' then (${select} where x.id = t.target)`)
const TARGET = `coalesce(case t.kind ${whens.join(' ')} end, '')`

/** What is named by its number takes the place of its id; '' = it is no longer there. */
const named = (value: string, from: string, to: string, select: string) =>
  `case when ${value} ? '${from}' then jsonb_build_object('${to}', case when ${value}->>'${from}' is not null
    then coalesce((${select} where x.id = (${value}->>'${from}')::bigint), '') end) else '{}' end`

const RUN_NUMBER = 'select coalesce(x.number, x.id::text) from ledger.run x'
const TRANSACTION_NUMBER = 'select coalesce(x.number, x.id::text) from ledger.transaction x'
const LINES = (value: string) => `case when ${value} ? 'lines' then jsonb_build_object('lines', coalesce((
    select jsonb_agg((l - 'serviceId' - 'agingPeriod') || jsonb_build_object('service', (select s.code from public.service s
      where s.id = (l->>'serviceId')::int), 'agesIn', l->'agingPeriod') order by n)
    from jsonb_array_elements(${value}->'lines') with ordinality y(l, n)), '[]')) else '{}' end`

/** An effect's old or new value with the town's numbers for ids. */
const inNumbers = (value: string) => `(case t.kind
  when 'collection_code' then ${named(value, 'id', 'code', 'select x.code from public.collection_code x')}
  when 'alert_add' then (${value} - 'id') || ${named(value, 'id', 'alert', 'select x.id::text from public.customer_alert x')}
  when 'certification' then (${value} - 'updatedRunId' - 'countyRunId' - 'padjId' - 'feeTransactionId' - 'lines')
    || ${named(value, 'updatedRunId', 'updatedRun', RUN_NUMBER)} || ${named(value, 'countyRunId', 'countyRun', RUN_NUMBER)}
    || ${named(value, 'padjId', 'padj', TRANSACTION_NUMBER)} || ${named(value, 'feeTransactionId', 'feeTransaction', TRANSACTION_NUMBER)}
    || ${LINES(value)}
  when 'account_service' then (${value} - 'serviceId') || ${named(value, 'serviceId', 'service', 'select x.code from public.service x')}
  else ${value} end)::text`

/** A JSON null is none. */
const VALUE = (column: string) => `case when jsonb_typeof(t.${column}) = 'object' then ${inNumbers(`t.${column}`)} end`

/** What a posted run did to other data: Reverse reads it. */
export const runEffects: TownFile = {
  name: 'run_effects.csv',
  table: 'ledger.run_effect',
  conflict: ['run_id', 'line'],
  untracked: true,
  late: true,
  key: ['run', 'line'],
  where: ofTravelling,
  order: `${BY_RUN}, t.line`,
  columns: [
    runRef('run', { required: true }),
    column('line', whole(1, 999_999_999), { required: true }),
    ref('account_number', ACCOUNT, { into: 'account_id' }),
    oneOf('kind', EFFECT_KINDS, { required: true }),
    column('target', words, { into: null, select: TARGET }),
    json('old', { select: VALUE('old') }),
    json('new', { select: VALUE('new') }),
    text('note', {
      into: null,
      select: '(select s.note from ledger.staged_effect s where s.run_id = t.run_id and s.line = t.line)',
    }),
  ],
  complete(row, picture) {
    Object.assign(row.values, effectIn(row, picture))
    picture.late.add('ledger.staged_effect', { ...row.values, note: row.cell('note') })
  },
}
