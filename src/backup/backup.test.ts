import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { sql } from 'drizzle-orm'
import postgres from 'postgres'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { addTokenFor } from '../auth/tokens.ts'
import { LEDGER } from '../db/guards.ts'
import { guardFaults } from '../db/health.ts'
import { checkLedger, isClean } from '../ledger/check.ts'
import { keepFile } from '../runs/files.ts'
import { aUser } from '../testing/browser.ts'
import { freshTown, type TestTown } from '../testing/database.ts'
import { posted, smallTown, transaction } from '../testing/small-town.ts'
import type { Manifest } from './manifest.ts'
import { restoreBackup } from './restore.ts'
import { backedUpTables, ownerConnection, sequencesOf } from './store.ts'
import { verifyBackup } from './verify.ts'
import { writeBackup } from './write.ts'

let town: TestTown
let folder: string
let file: string
let manifest: Manifest
beforeAll(async () => {
  town = await freshTown()
  folder = mkdtempSync(path.join(tmpdir(), 'clerkwell-backup-'))
  file = path.join(folder, 'town.backup')
  await smallTown(town.db)
  await town.db.execute(sql`update customer set name = ${'Tab\there\nand \\N back\\slash'} where number = '1'`)
  await town.db.execute(sql`update customer set public = false where number = '2'`)
  for (const account of ['1.01', '2.01']) {
    const bill = await transaction(town.db, { account, date: '2026-01-31' }, [['WA', '2026-01-31', '33.33']])
    await posted(town.db, account, [bill])
  }
  await posted(town.db, '1.01', [await payment(town)])
  const user = await aUser(town, 'administrator', 'root')
  await addTokenFor(town.db, user.id, 'till', user.id)
  const bytes = Buffer.from(Array.from({ length: 600_000 }, (_, at) => at % 256))
  await town.db.execute(sql`insert into login_session (id, user_id, expires_at) values ('s', ${user.id}, now())`)
  const run = [
    ...(await town.db.execute(sql`select ledger.start_run('a.kind', '{}', '{}', 'version', 0)::int as id`)),
  ][0] as { id: number }
  await keepFile(town.db, {
    runId: run.id,
    name: 'register.pdf',
    mediaType: 'application/pdf',
    bytes,
    holdsPrivate: false,
    actor: 0,
  })
  manifest = await writeBackup(town.url, file)
})
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true })
  await town?.drop()
})

const payment = (of: TestTown) =>
  transaction(of.db, { account: '1.01', type: 'Pmt', date: '2026-02-10' }, [['WA', '2026-01-31', '-10.00']])

/** Every row of every table as text, in one order. */
async function everything(url: string) {
  const client = ownerConnection(url)
  try {
    const dump: Record<string, string[]> = {}
    for (const { name } of await backedUpTables(client)) {
      dump[name] = (await client.unsafe(`select t::text as row from ${name} t order by 1`)).map(
        (found) => found.row as string,
      )
    }
    return { dump, sequences: await sequencesOf(client) }
  } finally {
    await client.end()
  }
}

const refusal = (work: Promise<unknown>) =>
  work.then(
    () => 'it did',
    (error: Error) => error.message,
  )

const copied = (name: string, change: (bytes: Buffer) => unknown) => {
  const bytes = readFileSync(file)
  change(bytes)
  const to = path.join(folder, name)
  writeFileSync(to, bytes)
  return to
}

describe('backup', () => {
  it('writes one file with every table but the sign-ins', async () => {
    expect(manifest.tables).toContain('ledger.posting')
    expect(manifest.tables).not.toContain('public.login_session')
    expect(manifest.totals.find(({ name }) => name === 'public.account')?.rows).toBe(3)
    expect(manifest.checks.length).toBeGreaterThan(10)
    expect(manifest.checks.every(({ faults }) => faults === 0)).toBe(true)
    expect(statSync(file).mode & 0o777).toBe(0o600)
    expect(existsSync(`${file}.part`)).toBe(false)
  })

  it('says why it cannot write', async () => {
    expect(await refusal(writeBackup(town.url, path.join(folder, 'none', 'x')))).toMatch(/its folder does not exist/)
    expect(await refusal(writeBackup(town.url, folder))).toMatch(/it is a folder/)
  })
})

describe('restore', () => {
  it('puts everything back as it was, guards on, and the town goes on', async () => {
    const other = await freshTown()
    await other.db.execute(sql`insert into app_user (name, role) values ('somebody', 'clerk')`)
    await restoreBackup(other.url, file)
    const [want, have] = [await everything(town.url), await everything(other.url)]
    for (const [name, rows] of Object.entries(want.dump)) expect(have.dump[name], name).toEqual(rows)
    expect(have.sequences).toEqual(want.sequences)
    expect(isClean(await checkLedger(other.db))).toBe(true)
    expect(await guardFaults(other.db, LEDGER.guards)).toEqual([])
    await expect(other.db.execute(sql`select from login_session`)).resolves.toHaveLength(0)
    await posted(other.db, '1.01', [await payment(other)])
    await other.db.execute(sql`insert into customer (number, name) values ('9', 'Nine')`)
    expect(isClean(await checkLedger(other.db))).toBe(true)
    await other.drop()
  })

  it('refuses a town that has records and leaves it alone', async () => {
    const other = await freshTown()
    await smallTown(other.db)
    const before = await everything(other.url)
    expect(await refusal(restoreBackup(other.url, file))).toMatch(/not empty: it has customers, locations, accounts/)
    expect(await everything(other.url)).toEqual(before)
    expect(await guardFaults(other.db, LEDGER.guards)).toEqual([])
    await other.drop()
  })

  it('refuses what is no backup, cut off or changed in any place', async () => {
    const other = await freshTown()
    const before = await everything(other.url)
    const said = async (name: string) => refusal(restoreBackup(other.url, name))
    expect(await said(path.join(folder, 'nothing'))).toMatch(/cannot be read \(ENOENT\)/)
    expect(await said(folder)).toMatch(/is not a file/)
    expect(await said(copied('other', (bytes) => bytes.write('something else')))).toMatch(
      /is not a backup made by Clerkwell/,
    )
    expect(await said(copied('newer', (bytes) => bytes.write('2', 17)))).toMatch(/newer version/)
    const size = statSync(file).size
    for (const place of [20, 24, 29, Math.floor(size / 3), Math.floor(size / 2), size - 33, size - 1]) {
      const flipped = copied('flipped', (bytes) => bytes.writeUInt8(bytes.readUInt8(place) ^ 1, place))
      expect(await said(flipped), `byte ${place}`).toMatch(/is damaged or cut off/)
    }
    for (const length of [19, 30, 60, Math.floor(size / 2), size - 1]) {
      const cut = copied('cut', () => {})
      truncateSync(cut, length)
      expect(await said(cut), `${length} bytes`).toMatch(/is damaged or cut off/)
    }
    writeFileSync(path.join(folder, 'empty'), '')
    expect(await said(path.join(folder, 'empty'))).toMatch(/is not a backup/)
    expect(await everything(other.url)).toEqual(before)
    await other.drop()
  })

  it('refuses a backup of another schema', async () => {
    const other = await freshTown()
    const client = postgres(other.url, { max: 1 })
    await client`update drizzle.__drizzle_migrations set created_at = created_at + 1`
    await client.end()
    expect(await refusal(restoreBackup(other.url, file))).toMatch(/this database has schema/)
    await other.drop()
  })

  it('takes nothing over when the connection dies in the middle', async () => {
    const other = await freshTown()
    const before = await everything(other.url)
    const killer = postgres(other.url, { max: 1 })
    const watching = (async () => {
      for (;;) {
        const found = await killer`select pg_terminate_backend(pid) from pg_stat_activity
          where datname = current_database() and application_name = 'clerkwell-backup' and (query like 'truncate%' or query like 'copy%')`
        if (found.length > 0) return
      }
    })()
    const said = await refusal(restoreBackup(other.url, file))
    await watching
    await killer.end()
    expect(said).not.toBe('it did')
    expect((await everything(other.url)).dump).toEqual(before.dump)
    expect(await guardFaults(other.db, LEDGER.guards)).toEqual([])
    await other.drop()
  })
})

describe('verify', () => {
  it('proves a good backup and leaves nothing behind', async () => {
    const { differences } = await verifyBackup(town.url, file)
    expect(differences).toEqual([])
    expect(manifest.totals.find(({ name }) => name === 'ledger.transaction')?.rows).toBe(3)
    const found = await town.db.execute(sql`select from pg_database where datname like 'clerkwell_verify_%'`)
    expect(found).toHaveLength(0)
  })

  it('refuses a damaged one', async () => {
    const flipped = copied('flipped', (bytes) => bytes.writeUInt8(bytes.readUInt8(400) ^ 8, 400))
    expect(await refusal(verifyBackup(town.url, flipped))).toMatch(/is damaged or cut off/)
  })
})
