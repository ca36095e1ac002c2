import { sql } from 'drizzle-orm'
import type { Db } from '../db/db.ts'
import { NotFound } from '../errors.ts'
import { type Day, formatDay, isDay } from '../ledger/calendar.ts'
import { money, sum, text, ZERO } from '../ledger/money.ts'
import {
  type ExplainedService,
  explainCreatedServices,
  explainCreatedTests,
} from '../tax-certification/explain-rules.ts'
import { type CertifiedYear, certifiedYear, type Move, movesOf } from './explain-store.ts'
import { explainServices, type HistoryRaw, historyJson } from './history-tab.ts'
import { type AccountRow, type AsOf, accountRow } from './store.ts'

async function read<T>(db: Db, number: string, when: AsOf, more: Parameters<typeof accountRow>[3]) {
  const found = await accountRow<T>(db, number, when, more)
  if (!found) throw new NotFound('account')
  return found
}

/** The balance as the sum of its buckets, each with the day it fell due and whether it is past due. */
export async function explainBalance(db: Db, number: string, when: AsOf): Promise<AccountRow> {
  return (await read(db, number, when, sql`null`)).account
}

export interface ExplainedBucket {
  account: AccountRow
  service: string
  bucket: Day | 'open'
  due: Day | undefined
  moves: (Move & { after: string })[]
  unpaid: string
}

/** Which transactions made a bucket, oldest first, with what was unpaid after each. Service '' = the account's open credit. */
export async function explainBucket(
  db: Db,
  number: string,
  when: AsOf,
  service: string,
  bucket: string,
): Promise<ExplainedBucket> {
  if (bucket !== 'open' && !isDay(bucket)) throw new NotFound('period')
  const { account, more } = await read<Move[]>(db, number, when, movesOf(service, bucket, when.asOf))
  const known = account.services.find((each) => each.code === service)
  let after = ZERO
  const moves = more.map((move) => {
    after = money(after.plus(move.amount))
    return { ...move, after: text(after) }
  })
  const due = known?.periods.find((each) => each.period === bucket)?.due
  return { account, service: known?.name ?? (service || 'Account'), bucket, due, moves, unpaid: text(after) }
}

export interface ExplainedYear {
  account: AccountRow
  certifications: (CertifiedYear & { total: string; rule: ExplainedService[]; tests: string[] })[]
}

/**
 * What of a tax year was certified, bucket by bucket, and why: by what the run that created it kept of its time, else
 * (it came without) the rule asked again as of the certification's date.
 */
export async function explainYear(db: Db, number: string, when: AsOf, taxYear: number): Promise<ExplainedYear> {
  const { account, more } = await read<CertifiedYear[]>(db, number, when, certifiedYear(taxYear))
  if (more.length === 0) throw new NotFound('certification')
  const certifications = []
  for (const each of more) {
    const asOf = { today: when.today, asOf: each.date }
    const then = await read<HistoryRaw>(db, number, asOf, historyJson({ asOf: undefined }))
    const { periods } = then.more
    const named = new Set(each.lines.map((line) => line.service))
    const explained = each.facts
      ? explainCreatedServices(each.facts, periods)
      : explainServices(then.account, { periods, claims: [] })
    certifications.push({
      ...each,
      total: text(sum(each.lines.map((line) => money(line.certified)))),
      rule: explained.filter((service) => named.has(service.service)),
      tests: each.facts ? explainCreatedTests(each.facts) : [],
    })
  }
  return { account, certifications }
}

/** `Past due` in words: what is unpaid in buckets that fell due before the day. */
export function pastDueWords(account: AccountRow, day: Day): string[] {
  return account.services.flatMap((service) =>
    service.periods
      .filter((each) => each.due < day)
      .map((each) => `${service.name} ${formatDay(each.period)}: ${each.unpaid}, due ${formatDay(each.due)}`),
  )
}
