import { chmodSync, existsSync, mkdtempSync, rmSync, statfsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import postgres from 'postgres'
import type { TestProject } from 'vitest/node'
import type { Roles } from '../db/db.ts'
import { openEngine } from '../db/embedded.ts'
import { migrate } from '../db/migrate.ts'

export interface TestServer {
  /** May make and drop databases. */
  adminUrl: string
  /** The owner of the databases the tests use: not a superuser, as in a town hall. */
  ownerUrl: string
  /** Migrated once; each test file copies it. */
  template: string
  roles: Roles
}

declare module 'vitest' {
  export interface ProvidedContext {
    server: TestServer
  }
}

export const OWNER = 'clerkwell_test'
const PASSWORD = 'for-tests-only'
const TEMPLATE = 'clerkwell_template'

/** The same server's address for another database or another user. */
export function databaseUrl(url: string, database: string, user?: string): string {
  const address = new URL(url)
  address.pathname = `/${database}`
  if (user) {
    address.username = user
    address.password = PASSWORD
  }
  return address.href
}

async function makeTemplate(adminUrl: string): Promise<TestServer> {
  const admin = postgres(adminUrl, { max: 1, onnotice: () => {} })
  try {
    const [known] = await admin`select 1 from pg_roles where rolname = ${OWNER}`
    if (!known) await admin.unsafe(`create role ${OWNER} login createrole createdb password '${PASSWORD}'`)
    await admin.unsafe(`update pg_database set datistemplate = false where datname = '${TEMPLATE}'`)
    await admin.unsafe(`drop database if exists ${TEMPLATE} with (force)`)
    await admin.unsafe(`create database ${TEMPLATE} owner ${OWNER}`)
    const roles = await migrate(databaseUrl(adminUrl, TEMPLATE, OWNER))
    // Nobody may be connected to a database while it is copied.
    await admin.unsafe(`alter database ${TEMPLATE} with is_template true allow_connections false`)
    return { adminUrl, ownerUrl: databaseUrl(adminUrl, 'postgres', OWNER), template: TEMPLATE, roles }
  } finally {
    await admin.end({ timeout: 5 })
  }
}

const MEMORY = '/dev/shm'
const ROOM = 4 * 1024 ** 3

/** Where the databases of one run live: in memory if there is room, as a copy is then made four times as fast. */
function folderForTests(): string {
  const room = existsSync(MEMORY) ? statfsSync(MEMORY) : undefined
  return room && room.bavail * room.bsize >= ROOM ? MEMORY : tmpdir()
}

async function begin(): Promise<{ server: TestServer; end(): Promise<void> }> {
  process.env.CLERKWELL_TEST = '1'
  const given = process.env.TEST_DATABASE_URL
  if (given) return { server: await makeTemplate(given), end: async () => {} }
  const folder = mkdtempSync(path.join(folderForTests(), 'clerkwell-test-'))
  chmodSync(folder, 0o755)
  const engine = await openEngine(folder, { durable: false, settings: { max_connections: '300' } })
  const end = async () => {
    await engine.stop()
    rmSync(folder, { recursive: true, force: true })
  }
  try {
    return { server: await makeTemplate(engine.superuserUrl), end }
  } catch (error) {
    await end()
    throw error
  }
}

// Vitest calls this once for each project and loads the file anew each time; the server is shared all the same.
const shared = globalThis as { clerkwellTestServer?: { users: number; begun: ReturnType<typeof begin> } }

/** One PostgreSQL for the whole run: embedded and without fsync, or the one of TEST_DATABASE_URL. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  shared.clerkwellTestServer ??= { users: 0, begun: begin() }
  const mine = shared.clerkwellTestServer
  mine.users += 1
  const { server, end } = await mine.begun
  project.provide('server', server)
  return async () => {
    mine.users -= 1
    if (mine.users === 0) await end()
  }
}
