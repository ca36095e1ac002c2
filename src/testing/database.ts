import { randomBytes } from 'node:crypto'
import postgres from 'postgres'
import { inject } from 'vitest'
import { type Databases, type Db, openDatabases } from '../db/db.ts'
import { databaseUrl, OWNER, type TestServer } from './setup.ts'

export interface TestTown {
  databases: Databases
  /** The private pool: sees everything. */
  db: Db
  /** The app pool: public rows only. */
  app: Db
  /** The owner's address of this copy. */
  url: string
  /** Closes the pools and drops the copy. */
  drop(): Promise<void>
}

async function asAdmin(server: TestServer, statement: string): Promise<void> {
  const admin = postgres(server.adminUrl, { max: 1, onnotice: () => {} })
  try {
    await admin.unsafe(statement)
  } finally {
    await admin.end({ timeout: 5 })
  }
}

/** A fresh copy of the migrated template, for one test file (beforeAll) or one test; call `drop` when done. */
export async function freshTown(): Promise<TestTown> {
  const server = inject('server')
  const name = `t_${randomBytes(6).toString('hex')}`
  await asAdmin(server, `create database ${name} owner ${OWNER} template ${server.template} strategy file_copy`)
  const url = databaseUrl(server.ownerUrl, name)
  const databases = openDatabases({ url, roles: server.roles, max: 6 })
  return {
    databases,
    db: databases.private,
    app: databases.app,
    url,
    async drop() {
      await databases.close()
      await asAdmin(server, `drop database if exists ${name} with (force)`)
    },
  }
}
