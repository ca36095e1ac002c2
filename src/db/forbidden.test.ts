import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { freshTown, type TestTown } from '../testing/database.ts'
import { databaseFault } from './db.ts'

let town: TestTown
beforeAll(async () => {
  town = await freshTown()
})
afterAll(() => town?.drop())

// Table and one of its columns.
const LEDGER = [
  ['transaction', 'period'],
  ['posting', 'amount'],
  ['live_source', 'transaction_id'],
  ['open_item', 'account_id'],
  ['account_ledger', 'account_id'],
  ['certified_balance', 'account_id'],
  ['journal', 'period'],
  ['receipt', 'number'],
  ['counter', 'value'],
]
const WRITES = LEDGER.flatMap(([table, column]) => [
  `insert into ledger.${table} default values`,
  `update ledger.${table} set ${column} = ${column}`,
  `delete from ledger.${table}`,
  `truncate ledger.${table}`,
])
const GUARDS = [
  'alter table ledger.posting disable trigger all',
  'drop table ledger.posting',
  'alter table ledger.posting no force row level security',
  'drop policy public_only on ledger.transaction',
  "set session_replication_role = 'replica'",
  'create table public.mine (a int)',
  'create table ledger.mine (a int)',
  "create function ledger.mine() returns int language sql as 'select 1'",
  'create or replace function ledger.check_ledger() returns int language sql as $$ select 0 $$',
  'delete from audit',
  "update audit set subject = 'other'",
  'truncate audit',
  'delete from audit_seal',
  'create role mine',
  'alter role current_user createdb',
  'create database mine',
  "copy audit to '/tmp/audit'",
  "select pg_read_file('/etc/passwd')",
  'select pg_terminate_backend(pid) from pg_stat_activity where usename <> session_user',
  "select lo_import('/etc/passwd')",
]
const NO_PRIVILEGE = '42501'

describe.each(['app', 'private'] as const)('the %s role may not', (which) => {
  it.each([...WRITES, ...GUARDS])('%s', async (statement) => {
    const answer = await town.databases[which].execute(sql.raw(statement)).then(
      (result) => `it did: ${JSON.stringify(result)}`,
      (error: unknown) => databaseFault(error)?.code,
    )
    expect(answer).toBe(NO_PRIVILEGE)
  })
})
