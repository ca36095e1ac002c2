import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import postgres from 'postgres'
import { afterAll, beforeAll, expect, inject, it } from 'vitest'
import { databaseUrl, OWNER } from '../testing/setup.ts'
import { migrate } from './migrate.ts'
import { rolesOf } from './roles.ts'

const server = inject('server')
const DATABASE = `m_${process.pid}`
const POOR = `poor_${process.pid}`
const FOLDER = path.join(import.meta.dirname, '../../drizzle')
const url = databaseUrl(server.ownerUrl, DATABASE)
let admin: postgres.Sql
let copy: string

beforeAll(async () => {
  admin = postgres(server.adminUrl, { max: 1, onnotice: () => {} })
  await admin.unsafe(`create database ${DATABASE} owner ${OWNER}`)
  await admin.unsafe(`create role ${POOR} login password 'for-tests-only'`)
  await admin.unsafe(`create database ${POOR} owner ${POOR}`)
  copy = mkdtempSync(path.join(tmpdir(), 'clerkwell-migrations-'))
  cpSync(FOLDER, copy, { recursive: true })
})
afterAll(async () => {
  const { app, private: all } = rolesOf(DATABASE)
  const poor = rolesOf(POOR)
  for (const name of [DATABASE, POOR]) await admin.unsafe(`drop database if exists ${name} with (force)`)
  for (const name of [app, all, poor.app, poor.private, POOR]) await admin.unsafe(`drop role if exists "${name}"`)
  await admin.end()
  rmSync(copy, { recursive: true, force: true })
})

it('three processes starting at once migrate an empty database once', async () => {
  const roles = await Promise.all([migrate(url), migrate(url), migrate(url)])
  expect(roles).toEqual([rolesOf(DATABASE), rolesOf(DATABASE), rolesOf(DATABASE)])
})

it('a further start locks no table: the rights are given anew only when something changed', async () => {
  const reader = postgres(url, { max: 1, onnotice: () => {} })
  try {
    await reader.begin(async (tx) => {
      await tx`select count(*) from customer`
      await tx`select count(*) from ledger.posting`
      expect(await migrate(url)).toEqual(rolesOf(DATABASE))
    })
  } finally {
    await reader.end()
  }
})

it('refuses a schema newer than its own', async () => {
  const client = postgres(url, { max: 1, onnotice: () => {} })
  try {
    await client`insert into drizzle.__drizzle_migrations (hash, created_at) values ('of a later version', 9999999999999)`
    await expect(migrate(url)).rejects.toThrow('newer version of Clerkwell')
  } finally {
    await client`delete from drizzle.__drizzle_migrations where hash = 'of a later version'`
    await client.end()
  }
})

it('speaks up when a migration was merged with an older time stamp', async () => {
  const file = path.join(copy, 'meta/_journal.json')
  const journal = JSON.parse(readFileSync(file, 'utf8')) as { entries: { when: number; tag: string }[] }
  journal.entries.splice(1, 0, { ...journal.entries[0]!, when: journal.entries[0]!.when + 1 })
  writeFileSync(file, JSON.stringify(journal))
  await expect(migrate(url, copy)).rejects.toThrow(/of \d+ migrations are applied/)
})

it('names the SQL to run when the owner may not make roles, and goes on once it was run', async () => {
  const poorUrl = databaseUrl(server.adminUrl, POOR, POOR)
  const refusal = await migrate(poorUrl).catch((error: Error) => error.message)
  expect(refusal).toContain(`grant "clerkwell_${POOR}_app", "clerkwell_${POOR}_private" to "${POOR}"`)
  const statements = String(refusal).split('\n').slice(1).join('\n')
  await admin.unsafe(statements)
  expect(await migrate(poorUrl)).toEqual(rolesOf(POOR))
})

it('keeps the names of roles within what PostgreSQL allows, and apart', () => {
  const [one, two] = [rolesOf(`${'x'.repeat(62)}1`), rolesOf(`${'x'.repeat(62)}2`)]
  expect(one.private.length).toBeLessThanOrEqual(63)
  expect(one.private).not.toBe(two.private)
})
