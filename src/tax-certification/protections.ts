import { arrangementsOn } from '../arrangements/plans.ts'
import type { Db } from '../db/db.ts'
import type { Day } from '../ledger/calendar.ts'
import { exemptAccounts } from '../special-conditions/exempt.ts'
import type { CertificationSettings } from './rules.ts'

/** Accounts, by id, that something other than their debt keeps out of certification on a day. */
export interface Protections {
  /** In a current payment arrangement. */
  arranged: { has(accountId: number): boolean }
  /** Under a special condition that exempts from certification (domain.md K7). */
  exempt: { has(accountId: number): boolean }
}

const NOBODY = new Set<number>()

/** Asked once a run, and only where a setting leaves such accounts out: from the plans and conditions, not the accounts. */
export async function protections(
  db: Db,
  settings: Pick<CertificationSettings, 'certifyWithArrangement' | 'certifyWithCondition'>,
  day: Day,
): Promise<Protections> {
  const [arranged, exempt] = await Promise.all([
    settings.certifyWithArrangement ? NOBODY : arrangementsOn(db, day),
    settings.certifyWithCondition ? NOBODY : exemptAccounts(db, 'certification', day),
  ])
  return { arranged, exempt }
}
