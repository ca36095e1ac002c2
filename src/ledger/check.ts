import { sql } from 'drizzle-orm'
import { type Db, one, rows } from '../db/db.ts'

export interface Check {
  name: string
  /** What it proves, in words. */
  title: string
  faults: number
  /** Numbers of the accounts at fault, at most 50. */
  accounts: string[]
}

const TITLES: Record<string, string> = {
  transactions_whole: 'Every transaction is whole and sums to zero',
  open_items: 'Balances and aging equal the sums of postings',
  certification_balances: 'Certification balances equal the sums of postings',
  deposits: 'Deposits held equal the sums of postings',
  deposit_accounts: 'Every deposit holds money of its own account alone',
  journal: 'The GL journal equals the postings',
  source_keys: 'Everything is posted once',
  reversals: 'Every reversal is the exact opposite',
  runs_whole: 'Every posted run holds what was previewed',
  closed_periods: 'Nothing was posted into a closed period',
  certifications_posted: 'Every updated certification is posted to the cent',
  certification_claims: 'No bucket is certified twice',
  receipts_gapless: 'Receipt numbers have no gap',
  files_whole: 'Every file has all its bytes',
}

/**
 * Proves the ledger: each invariant with its count of faults and the accounts at fault. Needs the pool that sees all.
 * Accounts at fault are parked: no money is posted to them until the proof is clean again.
 */
export async function checkLedger(db: Db): Promise<Check[]> {
  const found = await rows<{ name: string; faults: string; accounts: string[] }>(
    db,
    sql`select * from ledger.check_ledger()`,
  )
  const checks = found.map((row) => ({
    name: row.name,
    title: TITLES[row.name] ?? row.name,
    faults: Number(row.faults),
    accounts: row.accounts,
  }))
  await db.execute(sql`select ledger.keep_proof(${JSON.stringify(checks)}::jsonb)`)
  return checks
}

/** The last proof and when it was made, or undefined before the first. */
export function lastProof(db: Db): Promise<{ at: string; checks: Check[] } | undefined> {
  return one(db, sql`select at, checks from ledger.proof order by id desc limit 1`)
}

export const isClean = (checks: Check[]): boolean => checks.every((check) => check.faults === 0)
