import { code, column, dollars, json, oneOf, text } from '../columns.ts'
import type { Faults } from '../faults.ts'
import { idsOf } from '../ids.ts'
import { moment, name, whole } from '../kinds.ts'
import type { Picture } from '../picture.ts'
import { RawJson } from '../set-up-rows.ts'
import { utc } from '../sql-out.ts'
import type { TownFile } from '../town-file.ts'

export const RUNS = 'runs.csv'

/** Posted runs of batch routines; what imports brought is the town's, the imports themselves are not (contract.md 2). */
export const TRAVELS = `t.state = 'posted' and t.kind like '%.%' and t.kind <> 'town.import'`

const REVERSAL = 'runs.reversal'
const counts = whole(0, 999_999_999)
const userName = (id: string) => `(select x.name from public.app_user x where x.id = ${id})`

export const runs: TownFile = {
  name: RUNS,
  table: 'ledger.run',
  conflict: ['id'],
  loads: false,
  key: ['run'],
  where: TRAVELS,
  columns: [
    code('run', { into: 'number', required: true, select: 'coalesce(t.number, t.id::text)' }),
    column('kind', name, { required: true }),
    // a reversal's options only repeat what it reverses, by its id
    json('options', { select: `case when t.kind <> '${REVERSAL}' then t.options::text end` }),
    json('criteria', { empty: '{}' }),
    oneOf('facts_kind', ['version', 'certified_buckets'], { empty: 'version' }),
    text('preview_hash'),
    dollars('total'),
    dollars('fees'),
    column('outside_criteria', counts, { empty: '0' }),
    text('prepared_by', {
      into: 'prepared_by_name',
      select: `coalesce(t.prepared_by_name, ${userName('t.prepared_by')})`,
    }),
    column('prepared_at', moment, { select: utc('t.prepared_at') }),
    text('posted_by', { into: 'posted_by_name', select: `coalesce(t.posted_by_name, ${userName('t.posted_by')})` }),
    column('posted_at', moment, { required: true, select: utc('t.posted_at') }),
    code('reverses', {
      into: null,
      select: '(select coalesce(x.number, x.id::text) from ledger.run x where x.id = t.reverses_run_id)',
    }),
    text('reason'),
    column('progress_done', counts, { empty: '0', extra: true }),
    column('progress_total', counts, { empty: '0', extra: true }),
    json('last_preview', { extra: true }),
  ],
  complete({ line, cell, values, fault }, picture) {
    if (!cell('kind').includes('.') || cell('kind') === 'town.import') fault('kind', 'runs of this kind do not travel')
    if ((cell('kind') === REVERSAL) !== (cell('reverses') !== ''))
      fault('reverses', `a ${REVERSAL} names the run that it reverses`)
    picture.runs.set(cell('run'), { line, reverses: cell('reverses'), values })
  },
}

/** The runs' rows, when all their numbers are known: each gets its id, and a reversal the id of what it reverses. */
export function finishRuns(picture: Picture, faults: Faults): void {
  const ids = idsOf(picture.runs.keys(), picture.takenRuns)
  picture.ids.set('run', ids)
  const reversed = new Map<string, string>()
  for (const [number, { line, reverses, values }] of picture.runs) {
    const reason = reverses === '' ? undefined : reversalFault(picture, reverses, reversed)
    if (reason !== undefined) faults.add(RUNS, line, 'reverses', reason)
    reversed.set(reverses, number)
    const target = reverses === '' ? null : (ids.get(reverses) ?? null)
    picture.rows.add('ledger.run', {
      ...values,
      id: ids.get(number),
      prepared_at: values.prepared_at ?? values.posted_at,
      prepared_by: picture.actor,
      posted_by: picture.actor,
      reverses_run_id: target,
      options: values.options ?? (target === null ? {} : { runId: target }),
      criteria: values.criteria ?? new RawJson('{}'),
      facts_kind: values.facts_kind ?? 'version',
      outside_criteria: values.outside_criteria ?? 0,
      progress_done: values.progress_done ?? 0,
      progress_total: values.progress_total ?? 0,
    })
  }
}

function reversalFault(picture: Picture, reverses: string, reversed: Map<string, string>): string | undefined {
  const original = picture.runs.get(reverses)
  if (!original) return `there is no run ${reverses}`
  if (original.reverses !== '') return `run ${reverses} is itself a reversal`
  const by = reversed.get(reverses)
  return by === undefined ? undefined : `run ${reverses} is reversed already, by run ${by}`
}
