import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { sql } from 'drizzle-orm'
import postgres from 'postgres'
import { afterEach, beforeEach, expect, inject, it } from 'vitest'
import { parseConfig } from '../config.ts'
import { freshTown } from '../testing/database.ts'
import { one } from './db.ts'
import { openTown } from './engine.ts'
import { LEDGER } from './guards.ts'
import { examine } from './health.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'clerkwell-town-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const whoServes = sql`select current_user as role, (select count(*)::int from customer) as customers`

it('a fresh machine gets a town that may post money, and a second opener the same one', async () => {
  const config = parseConfig({ CLERKWELL_DATA: folder })
  const [first, second] = await Promise.all([openTown(config), openTown(config)])
  const health = await examine(first.databases, LEDGER, { embedded: first.embedded, test: false })
  expect(health).toEqual({ mayPostMoney: { ok: true, reasons: [] }, guardsMissing: false, warnings: [] })
  expect(second.ownerUrl).toBe(first.ownerUrl)
  await first.stop()
  expect(await one(second.databases.app, whoServes)).toEqual({ role: 'clerkwell_clerkwell_app', customers: 0 })
  expect(await one(second.databases.private, whoServes)).toEqual({ role: 'clerkwell_clerkwell_private', customers: 0 })
  await second.stop()
  expect(readdirSync(path.join(folder, 'users'))).toEqual([])
})

it('a server that is not ours is used as it is, and no engine is started', async () => {
  const copy = await freshTown()
  const town = await openTown(parseConfig({ CLERKWELL_DATA: folder, DATABASE_URL: copy.url }))
  expect(town.embedded).toBe(false)
  const name = new URL(copy.url).pathname.slice(1)
  expect(await one(town.databases.app, whoServes)).toEqual({ role: `clerkwell_${name}_app`, customers: 0 })
  expect(readdirSync(folder)).toEqual([])
  const { app, private: all } = town.databases.roles
  await town.stop()
  await copy.drop()
  const admin = postgres(inject('server').adminUrl, { max: 1, onnotice: () => {} })
  for (const role of [app, all]) await admin.unsafe(`drop role "${role}"`)
  await admin.end()
})

it('a database that cannot be opened leaves nothing behind', async () => {
  const nowhere = inject('server').ownerUrl.replace(/\/postgres$/, '/no_such_database')
  await expect(openTown(parseConfig({ CLERKWELL_DATA: folder, DATABASE_URL: nowhere }))).rejects.toThrow(
    'no_such_database',
  )
  expect(readdirSync(folder)).toEqual([])
})
