import { mkdtempSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { sql } from 'drizzle-orm'
import { pino } from 'pino'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { config } from '../config.ts'
import { rows } from '../db/db.ts'
import { appUser } from '../db/tables/auth.ts'
import { CannotStart } from '../errors.ts'
import { freshTown, type TestTown } from '../testing/database.ts'
import { SEALED, type SealedColumn } from './columns.ts'
import { makeKeyFile, withNewKey } from './key-file.ts'
import { fieldKeys } from './keys.ts'
import { openField, placeOf, sealField } from './seal.ts'
import { examineKeys, resealAll, rotateKeys, sealedByKey } from './service.ts'

// a key file of its own: others seal while this one rotates
await vi.hoisted(async () => {
  const { tmpdir } = await import('node:os')
  process.env.CLERKWELL_KEYS = `${tmpdir()}/clerkwell-rotated-keys-${process.pid}.json`
})

let town: TestTown
let folder: string
beforeAll(async () => {
  town = await freshTown()
  folder = mkdtempSync(path.join(os.tmpdir(), 'clerkwell-secrets-'))
})
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true })
  rmSync(config().keysFile ?? '', { force: true })
  await town.drop()
})
async function aUser(name: string) {
  const [made] = await town.db.insert(appUser).values({ name, role: 'clerk' }).returning({ id: appUser.id })
  return { id: made?.id ?? 0, name }
}
const quiet = pino({ level: 'silent' })

/** A column like those of customers: the place is of the owner's own number, not of the row. */
const TOY: SealedColumn = {
  table: 'toy_secret',
  column: 'ssn_sealed',
  key: 'id',
  kind: 'customer',
  field: 'ssn',
  owner: sql`t.number`,
  audited: true,
}

describe('S-42: keys change while values are stored', () => {
  const first = () => fieldKeys()
  it('every value is sealed anew, in steps; broken off it goes on; what cannot be read is left', async () => {
    const own = await freshTown()
    const owner = (await import('postgres')).default(own.url, { max: 1, onnotice: () => {} })
    await owner`create table toy_secret (id bigint primary key, number text, ssn_sealed text, version int default 1, changed_by int default 7)`
    await owner.unsafe('grant select, update on toy_secret to public')
    const keys = first()
    const values = Array.from({ length: 1203 }, (_, at) => ({
      id: at,
      number: `A${at}`,
      ssn_sealed: sealField(keys, placeOf('customer', `A${at}`, 'ssn'), `123-45-${at}`),
    }))
    const lost = sealField(keys, placeOf('customer', 'elsewhere', 'ssn'), 'x')
    await owner`insert into toy_secret ${owner(values)}`
    await owner`insert into toy_secret (id, number, ssn_sealed) values (5000, 'moved', ${lost}), (5001, 'none', null)`
    const next = withNewKey(keys)
    expect(await resealAll(own.db, next, [TOY])).toEqual({ done: 1203, unreadable: 1 })
    expect(await sealedByKey(own.db, [TOY])).toEqual(
      new Map([
        [keys.current, 1],
        [next.current, 1203],
      ]),
    )
    const [row] = await owner`select * from toy_secret where id = 77`
    expect(openField(next, placeOf('customer', 'A77', 'ssn'), row?.ssn_sealed)).toBe('123-45-77')
    expect([row?.version, row?.changed_by]).toEqual([2, 0])
    expect(await resealAll(own.db, next, [TOY])).toEqual({ done: 0, unreadable: 1 })
    await owner.end()
    await own.drop()
  })

  it('the file gets a new key, the process takes it up by itself, and the seeds of second factors go along', async () => {
    const user = await aUser('elm')
    const before = first()
    const place = placeOf('user', user.name, 'totp')
    const sealed = sealField(before, place, 'SEED')
    await town.db.execute(sql`insert into second_factor (user_id, seed_sealed) values (${user.id}, ${sealed})`)
    expect(await rotateKeys(town.db, config().keysFile ?? '')).toEqual({ done: 1, unreadable: 0 })
    const after = fieldKeys()
    expect(after.current).not.toBe(before.current)
    const [row] = await rows<{ seed_sealed: string }>(town.db, sql`select seed_sealed from second_factor`)
    expect(row?.seed_sealed.split('|')[1]).toBe(after.current)
    expect(openField(after, place, row?.seed_sealed ?? '')).toBe('SEED')
  })
})

describe('before the server starts', () => {
  it('production refuses when values are stored whose key is not in the file; a demonstration says so and goes on', async () => {
    const user = await aUser('oak')
    const lost = makeKeyFile(path.join(folder, 'lost.json'))
    const sealed = sealField(lost, placeOf('user', user.name, 'totp'), 'SEED')
    await town.db.execute(sql`insert into second_factor (user_id, seed_sealed) values (${user.id}, ${sealed})`)
    const start = (keysFile: string | undefined, production: boolean) =>
      examineKeys(town.db, { keysFile, production }, quiet)
    await expect(start(path.join(folder, 'none.json'), true)).rejects.toThrow(CannotStart)
    await expect(start(undefined, true)).rejects.toThrow(/whose keys are not here: .*Set CLERKWELL_KEYS/)
    await expect(start(path.join(folder, 'none.json'), false)).resolves.toBeUndefined()
    await town.db.execute(sql`delete from second_factor where user_id <> ${user.id}`)
    await expect(start(path.join(folder, 'lost.json'), true)).resolves.toBeUndefined()
  })
  it('nothing stored, nothing needed', async () => {
    await town.db.execute(sql`delete from second_factor`)
    await expect(examineKeys(town.db, { keysFile: undefined, production: true }, quiet)).resolves.toBeUndefined()
  })
  it('every column that is called sealed stands in the list', async () => {
    const found = await rows<{ name: string }>(
      town.db,
      sql`select table_name || '.' || column_name as name from information_schema.columns
        where column_name like '%\\_sealed' and table_schema in ('public', 'ledger') order by 1`,
    )
    expect(found.map((row) => row.name)).toEqual(SEALED.map(({ table, column }) => `${table}.${column}`).sort())
  })
  it('the audit trail never holds a sealed value', async () => {
    const [hidden] = await rows<{ body: string }>(
      town.db,
      sql`select prosrc as body from pg_proc where proname = 'audit_change'`,
    )
    const audited = await rows<{ name: string }>(
      town.db,
      sql`select distinct event_object_table as name from information_schema.triggers where trigger_name = 'z_audit_add'`,
    )
    for (const { table, column } of SEALED)
      if (audited.some(({ name }) => name === table)) expect(hidden?.body).toContain(`'${column}'`)
  })
})
