import { sql } from 'drizzle-orm'
import postgres from 'postgres'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { freshTown, type TestTown } from '../testing/database.ts'
import { examine, grantFaults, guardFaults } from './health.ts'
import { schemaIsCurrent } from './migrate.ts'

let town: TestTown
let owner: postgres.Sql
beforeAll(async () => {
  town = await freshTown()
  owner = postgres(town.url, { max: 1, onnotice: () => {} })
  await owner.unsafe(`
    create schema toy;
    create table toy.book (amount numeric);
    create function toy.no_change() returns trigger language plpgsql as $$ begin raise exception 'no'; end $$;
    create trigger book_no_change before update or delete on toy.book execute function toy.no_change();
    alter table toy.book enable always trigger book_no_change;`)
})
afterAll(async () => {
  await owner?.end()
  await town?.drop()
})

const GUARD = { table: 'toy.book', trigger: 'book_no_change' }
const state = (how: string) => owner.unsafe(`alter table toy.book ${how} trigger book_no_change`)
const inTests = { embedded: false, test: true }

describe('the guards of the ledger', () => {
  it('are fine when on in every circumstance', async () => {
    expect(await guardFaults(town.db, [GUARD])).toEqual([])
  })

  it('are a fault when missing', async () => {
    const gone = { table: 'toy.book', trigger: 'no_such' }
    expect(await guardFaults(town.db, [gone])).toEqual(['The trigger no_such on toy.book is missing.'])
  })

  it.each(['disable', 'enable', 'enable replica'])('are a fault after "%s trigger"', async (how) => {
    await state(how)
    expect(await guardFaults(town.db, [GUARD])).toEqual(['The trigger book_no_change on toy.book is not always on.'])
    const health = await examine(town.databases, { guards: [GUARD], ledgerTables: [] }, inTests)
    expect(health.mayPostMoney.ok).toBe(false)
    await state('enable always')
    expect((await examine(town.databases, { guards: [GUARD], ledgerTables: [] }, inTests)).mayPostMoney.ok).toBe(true)
  })
})

describe('rights on the ledger', () => {
  it('name the role, the table and what it may do', async () => {
    const { roles } = town.databases
    const both = [roles.app, roles.private]
    expect(await grantFaults(town.db, both, ['toy.book'])).toEqual([])
    await owner.unsafe(`grant insert, delete on toy.book to ${roles.app}`)
    expect(await grantFaults(town.db, both, ['toy.book'])).toEqual([
      `The role ${roles.app} may write toy.book directly (DELETE, INSERT).`,
    ])
    await owner.unsafe(`revoke all on toy.book from ${roles.app}`)
    expect(await grantFaults(town.db, both, ['toy.gone'])).toEqual(['The ledger table toy.gone is missing.'])
  })
})

it('an engine that forces nothing to disk posts in tests only', async () => {
  const setting = await town.db.execute(sql`select current_setting('fsync') as fsync`)
  const inEarnest = await examine(town.databases, { guards: [], ledgerTables: [] }, { embedded: false, test: false })
  expect(inEarnest.mayPostMoney.ok).toBe(setting[0]?.fsync === 'on')
  expect((await examine(town.databases, { guards: [], ledgerTables: [] }, inTests)).mayPostMoney.ok).toBe(true)
})

it('missing checksums bar our own engine and are a warning elsewhere', async () => {
  const [row] = await town.db.execute(sql`select current_setting('data_checksums') as checksums`)
  const nothing = { guards: [], ledgerTables: [] }
  const own = await examine(town.databases, nothing, { embedded: true, test: true })
  const other = await examine(town.databases, nothing, { embedded: false, test: true })
  expect(own.mayPostMoney.ok).toBe(row?.checksums === 'on')
  expect(other.mayPostMoney.ok).toBe(true)
  expect(other.warnings).toHaveLength(row?.checksums === 'on' ? 0 : 1)
})

it('the migrated schema is the one this version was written for', async () => {
  expect(await schemaIsCurrent(town.db)).toBe(true)
  await owner.unsafe(
    `delete from drizzle.__drizzle_migrations where id = (select max(id) from drizzle.__drizzle_migrations)`,
  )
  expect(await schemaIsCurrent(town.db)).toBe(false)
})
