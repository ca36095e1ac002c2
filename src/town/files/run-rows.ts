import { ACCOUNT, column, documentColumns, dollars, flag, json, ref, runRef } from '../columns.ts'
import { name } from '../kinds.ts'
import type { TownFile } from '../town-file.ts'
import { TRAVELS } from './runs.ts'

export const ofTravelling = `exists (select from ledger.run r where r.id = t.run_id and ${TRAVELS.replaceAll('t.', 'r.')})`
const numberOf = '(select x.number from public.account x where x.id = t.account_id)'
/** Runs by their numbers, as they would stand in a file that is sorted by its key. */
export const BY_RUN = `(select ledger.number_order(coalesce(r.number, r.id::text)) from ledger.run r where r.id = t.run_id)`
const byAccount = `${BY_RUN}, ledger.number_order(${numberOf}), ${numberOf} collate "C"`
const account = { ...ref('account_number', ACCOUNT, { into: 'account_id' }), required: true }
const run = runRef('run', { required: true })

/** The accounts of a posted run as its preview showed them, with what the rule used. */
export const runAccounts: TownFile = {
  name: 'run_accounts.csv',
  table: 'ledger.staged_account',
  conflict: ['run_id', 'account_id'],
  untracked: true,
  late: true,
  key: ['run', 'account_number'],
  where: ofTravelling,
  order: byAccount,
  columns: [run, account, dollars('before'), dollars('after'), json('lines'), json('facts')],
  complete(row) {
    // what it was compared with is of another town's ledger
    row.values.fingerprint = ''
  },
}

/** Who met the criteria and was left out, with every test. */
export const runExclusions: TownFile = {
  name: 'run_exclusions.csv',
  table: 'ledger.staged_exclusion',
  conflict: ['run_id', 'account_id'],
  untracked: true,
  late: true,
  key: ['run', 'account_number'],
  where: ofTravelling,
  order: byAccount,
  columns: [run, account, json('reasons', { required: true })],
}

/** Registers, notices and whatever else a run made, with their bytes. */
export const runFiles: TownFile = {
  name: 'run_files.csv',
  table: 'ledger.run_file',
  conflict: ['run_id', 'name'],
  untracked: true,
  late: true,
  key: ['run', 'name'],
  where: ofTravelling,
  columns: [
    run,
    column('name', name, { required: true }),
    ...documentColumns(
      ["'runs'", '(select coalesce(r.number, r.id::text) from ledger.run r where r.id = t.run_id)', 't.name'],
      { required: true },
    ),
    flag('holds_private', 'no'),
  ],
}
