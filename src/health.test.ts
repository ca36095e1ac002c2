import pino from 'pino'
import postgres from 'postgres'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Town } from './db/engine.ts'
import { watchHealth } from './health.ts'
import { setGate } from './ledger/gate.ts'
import { aCharge, anAccount, clerkTown } from './testing/clerk-town.ts'
import { freshTown, type TestTown } from './testing/database.ts'

let town: TestTown
let owner: postgres.Sql

beforeAll(async () => {
  town = await freshTown()
  owner = postgres(town.url, { max: 1, onnotice: () => {} })
  await clerkTown(town.db)
  await anAccount(town.db, { number: '100.01', name: 'Ann Holt' })
})
afterAll(async () => {
  setGate([])
  await owner?.end()
  await town?.drop()
})

const charged = () => aCharge(town.db, '100.01', '2026-03-10', { WA: '20.00' })
const trigger = (how: string) => owner.unsafe(`alter table ledger.posting ${how} trigger append_only`)

it('a trigger that is lost while the town is served closes the gate, and opens it when it stands again', async () => {
  const said: string[] = []
  const log = pino({}, { write: (line: string) => said.push(JSON.parse(line).msg) })
  const served: Town = { databases: town.databases, ownerUrl: town.url, embedded: false, stop: async () => {} }
  const watch = watchHealth(served, { test: true }, log)
  expect(await watch.health()).toBe('ok')
  await trigger('disable')
  expect([await watch.health(), await watch.health()]).toEqual(['down', 'down'])
  await expect(charged()).rejects.toThrow('The trigger append_only on ledger.posting is not always on.')
  const lost = said.filter((line) => line.startsWith('No money is posted'))
  expect(lost).toEqual(['No money is posted: The trigger append_only on ledger.posting is not always on.'])
  await trigger('enable always')
  expect(await watch.health()).toBe('ok')
  await charged()
  watch.stop()
})
