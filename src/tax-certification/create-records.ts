import { sql } from 'drizzle-orm'
import { type Db, rows } from '../db/db.ts'
import { type Money, money, sum, text } from '../ledger/money.ts'
import type { Prepared, Preparing, RunKind } from '../runs/kind.ts'
import type { PreviewLine } from '../runs/stage.ts'
import { stageAccountUpdates } from './account-updates.ts'
import { type Candidate, candidates } from './candidate-store.ts'
import { agedFrom, certificationSettings, claimsOf, priorPeriod, ruleFacts } from './candidates.ts'
import { dependentRuns, dependentTransactions } from './dependents.ts'
import type { CreatedFacts } from './explain-rules.ts'
import { type CreateOptions, createOptions } from './forms.ts'
import { describeAccountUpdate, describeCreated, explainCreated } from './present.ts'
import { protections } from './protections.ts'
import { type Certifiable, type CertificationSettings, certifiable } from './rules.ts'
import { glId, type TownFacts, townFacts } from './town-facts.ts'

/**
 * Tax Certification > Create Tax Certification Records: writes certification rows and claims their buckets; moves no
 * money (product.md 3.7 to 3.9). Listed as left out is every account that owes something and failed a test; one that
 * owes nothing is not listed, for there is nothing to say of it.
 */
export const createRecords: RunKind<CreateOptions> = {
  kind: 'tax-certification.create-records',
  menu: 'Tax Certification',
  title: 'Create Tax Certification Records',
  path: '/tax-certification/create-records',
  may: { prepare: 'certification.prepare', post: 'certification.post', reverse: 'certification.reverse' },
  options: createOptions,
  factsKind: 'version',
  eachAlone: { total: ['Certified'], fees: ['Fee'] },
  columns: [
    { type: 'Certified', label: 'Certified', apart: true },
    { type: 'Fee', label: 'Fee, to taxes', apart: true },
  ],
  describe: (options) => [...describeCreated(options), ...describeAccountUpdate(options)],
  explain: explainCreated,
  prepare,
  defaults: async (_db, today) => ({ date: today, taxYear: Number(today.slice(0, 4)) }),
  dependents: async (db, runId) => [
    ...(await dependentRuns(db, runId, createdHere(db, runId))),
    ...(await laterInYear(db, runId)),
  ],
  dependentTransactions: (db, runId) => dependentTransactions(db, runId, createdHere(db, runId)),
}

const createdHere = async (db: Db, runId: number): Promise<number[]> => {
  const found = await rows<{ id: number }>(
    db,
    sql`select id from ledger.certification where run_id = ${runId} and run_number is null order by id`,
  )
  return found.map(({ id }) => id)
}

/** Later runs that certified more of the same accounts and tax years: their fees are the difference to this run's. */
const laterInYear = async (db: Db, runId: number): Promise<number[]> => {
  const found = await rows<{ id: number }>(
    db,
    sql`select distinct later.run_id::int as id from ledger.certification c join ledger.certification later
        on later.account_id = c.account_id and later.tax_year = c.tax_year and later.run_id > c.run_id
      where c.run_id = ${runId} and c.run_number is null and later.run_number is null and c.withdrawn_at is null
        and later.withdrawn_at is null order by 1 desc`,
  )
  return found.map(({ id }) => id)
}

async function prepare(preparing: Preparing, options: CreateOptions): Promise<Prepared> {
  const { db, stage, progress } = preparing
  const town = await townFacts(db)
  const settings = certificationSettings(town.settings, options.minimumCheck)
  const found = await candidates(db, {
    selected: preparing.selected,
    taxYear: options.taxYear,
    priorTo: priorPeriod(town, settings.check),
    agedFrom: agedFrom(town),
  })
  const kept = await protections(db, settings, options.date)
  const taken: { candidate: Candidate; result: Certifiable }[] = []
  for (const [place, candidate] of found.entries()) {
    const result = certifiable(ruleFacts(town, candidate, kept), settings)
    if (result.excluded) stage.exclude(candidate.id, result.tests)
    else taken.push({ candidate, result })
    if (place % 1000 === 999) await progress(place + 1, found.length)
  }
  for (const { candidate, result } of taken) stageCertification(preparing, town, options, candidate, result, settings)
  const customers = taken.map(({ candidate }) => candidate)
  await stageAccountUpdates(db, stage, options, customers, options.date)
  await progress(found.length, found.length)
  return { total: totalOf(taken, 'certified'), fees: totalOf(taken, 'fee') }
}

const totalOf = (taken: { result: Certifiable }[], what: 'certified' | 'fee'): string =>
  text(sum(taken.map(({ result }) => result[what])))

function stageCertification(
  { stage }: Preparing,
  town: TownFacts,
  options: CreateOptions,
  candidate: Candidate,
  result: Certifiable,
  settings: CertificationSettings,
): void {
  const ids = new Map(town.services.map(({ code, id }) => [code, id]))
  const { date, taxYear } = options
  stage.account({
    accountId: candidate.id,
    fingerprint: candidate.version,
    before: candidate.balance,
    after: candidate.balance,
    lines: previewLines(result, taxYear),
    facts: stagedFacts(town, candidate, result, settings),
  })
  stage.certification({
    accountId: candidate.id,
    taxYear,
    date,
    fee: result.fee,
    parcelNumber: candidate.parcelNumber,
    lines: result.lines.map((line) => ({
      serviceId: ids.get(line.service) ?? 0,
      agingPeriod: line.period,
      certified: line.amount,
    })),
  })
}

function previewLines(result: Certifiable, taxYear: number): PreviewLine[] {
  const line = (type: string, service: string | null, amount: Money) => ({
    type,
    service,
    amount: text(amount),
    taxYear,
  })
  const certified = result.services.map(({ service, amount }) => line('Certified', service, amount))
  return result.fee.gt('0') ? [...certified, line('Fee', null, result.fee)] : certified
}

/** What the rule used, compact, so that the row explains itself later; and what a clerk should look at first. */
function stagedFacts(
  town: TownFacts,
  candidate: Candidate,
  result: Certifiable,
  settings: CertificationSettings,
): CreatedFacts {
  const services = town.services.flatMap(({ id, code, name, subject, periods }) => {
    const buckets = candidate.buckets.get(id)
    if (!buckets || !subject) return []
    const taken = new Set<string>(result.lines.filter((line) => line.service === code).map(({ period }) => period))
    const shown = buckets.map(({ period, unpaid }) => [period, text(unpaid), taken.has(period)] as const)
    return [{ code, name, periods, buckets: shown.sort(([a], [b]) => (a < b ? -1 : 1)) }]
  })
  return {
    currentPeriod: town.settings.currentPeriod,
    services,
    claims: claimsOf(town, candidate),
    tests: result.tests,
    fee: {
      amount: text(settings.feeAmount),
      rate: settings.feeRate,
      certified: text(result.certified),
      earlier: { certified: text(candidate.sameYear.certified), fee: text(money(candidate.sameYear.fee)) },
      charged: text(result.fee),
    },
    marks: marks(town, candidate),
  }
}

function marks(town: TownFacts, candidate: Candidate): string[] {
  const missing = (['certification_receivable_gl', 'certification_fee_gl'] as const).filter(
    (setting) => glId(town, setting) === undefined,
  )
  return [
    ...(candidate.parcelNumber ? [] : ['No parcel number: certified, left out of the county file']),
    ...(candidate.rental && candidate.ownerId === null ? ['Rental without an owner on record'] : []),
    ...missing.map((setting) => `No GL account for ${setting}: balances cannot be updated before it is set`),
  ]
}
