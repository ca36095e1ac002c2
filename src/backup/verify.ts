import { randomBytes } from 'node:crypto'
import postgres from 'postgres'
import { makeSchema } from '../db/migrate.ts'
import { Refused } from '../errors.ts'
import { proveFile } from './container.ts'
import type { Manifest } from './manifest.ts'
import { restoreBackup } from './restore.ts'
import { backedUpTables, ownerConnection, sequencesOf, totalOf } from './store.ts'

export interface Verified {
  manifest: Manifest
  /** What came out of the scratch database otherwise than the backup says, in words; nothing = the backup is good. */
  differences: string[]
}

/**
 * Restores a backup into a scratch database on the same server, proves the ledger there, reads every table back and
 * compares it with the backup, then drops the database. `url` is the owner's of any database on that server.
 */
export async function verifyBackup(url: string, file: string): Promise<Verified> {
  await proveFile(file)
  return withScratch(url, async (scratch) => {
    const manifest = await restoreBackup(scratch, file)
    return { manifest, differences: await differences(scratch, manifest) }
  })
}

async function withScratch<T>(url: string, work: (scratch: string) => Promise<T>): Promise<T> {
  const name = `clerkwell_verify_${randomBytes(6).toString('hex')}`
  await asOwner(url, `create database ${name}`)
  try {
    const address = new URL(url)
    address.pathname = `/${name}`
    await makeSchema(address.href)
    return await work(address.href)
  } finally {
    await asOwner(url, `drop database if exists ${name} with (force)`)
  }
}

async function asOwner(url: string, statement: string): Promise<void> {
  const sql = postgres(url, { max: 1, onnotice: () => {} })
  try {
    await sql.unsafe(statement)
  } catch (error) {
    if ((error as { code?: string }).code !== '42501') throw error
    throw new Refused(
      'may_not_create_database',
      'The database owner may not create a scratch database. Have an administrator of the server grant it: alter role <owner> createdb;',
    )
  } finally {
    await sql.end({ timeout: 5 })
  }
}

async function differences(url: string, manifest: Manifest): Promise<string[]> {
  const found: string[] = []
  const sql = ownerConnection(url)
  try {
    for (const table of await backedUpTables(sql)) {
      const want = manifest.totals.find(({ name }) => name === table.name)
      const have = await totalOf(sql, table)
      if (want?.sha256 !== have.sha256)
        found.push(`${table.name}: ${have.rows} rows, ${want?.rows ?? 'none'} in the backup`)
    }
    if (JSON.stringify(await sequencesOf(sql)) !== JSON.stringify(manifest.sequences))
      found.push('a sequence goes on elsewhere')
    return found
  } finally {
    await sql.end({ timeout: 5 })
  }
}
