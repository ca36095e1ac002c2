import Big from 'big.js'
import { sql } from 'drizzle-orm'
import { FACTOR_RULES } from '../auth/rules.ts'
import { type Db, rows } from '../db/db.ts'
import { Refused } from '../errors.ts'
import type { Day } from '../ledger/calendar.ts'
import { fault } from '../ledger/faults.ts'
import { ZERO } from '../ledger/money.ts'
import { accept, type Result, refuse } from '../ledger/result.ts'
import {
  amountOf,
  dayOrNone,
  fraction,
  type Kind,
  named,
  oneOf,
  timezone,
  whole,
  words,
  yesNo,
} from './setting-kinds.ts'

/** The map that is linked until the town chooses another; `{address}` stands for the address. */
export const MAP_SITE = 'https://www.openstreetmap.org/search?query={address}'

/** After so many returned payments in twelve months no checks are taken, until the town says otherwise; 0 = always taken. */
export const NO_CHECKS_AFTER = 2

export const METHODS = ['percentage', 'listed'] as const

/** What `certification_minimum_check` compares with the certification minimum (domain.md K4). */
export const MINIMUM_CHECKS = ['ignore', 'service', 'delinquent', 'prior', 'current'] as const
export const COUNTER_POSTING = ['at_once', 'batch'] as const
export const OFFSET_TYPES = ['checking', 'savings', 'general_ledger'] as const
export const EMAIL_STATEMENTS = ['off', 'opted_in', 'all'] as const
/** What a payment of an account with a plan goes to first: the instalment that is due, or the current bill (domain.md A7). */
export const ARRANGEMENT_ORDERS = ['instalment', 'bill'] as const
export const OVERPAYMENT_METHODS = ['listed', 'history', 'all_except', 'open_credit'] as const

/**
 * Every setting of the organization (contract.md 2), in the order of `organization.csv`. In rows and files the names
 * are written with underscores: `delinquentPeriods` is `delinquent_periods`. A new setting is added here, with
 * today's behaviour as its initial value.
 */
const KINDS = {
  name: words(),
  addressLine1: words(),
  addressLine2: words(),
  city: words(),
  state: words('', 20),
  zip: words('', 20),
  phone: words('', 30),
  timezone: timezone('America/New_York'),
  currentPeriod: dayOrNone(),
  dueDays: whole(20, 0, 365),
  penaltyMinimumBalance: amountOf(ZERO),
  shutoffMinimumBalance: amountOf(ZERO),
  shutoffPeriods: whole(1, 0, 120),
  delinquentMinimumBalance: amountOf(ZERO),
  delinquentPeriods: whole(1, 0, 120),
  utilityBillMinimumBalance: amountOf(ZERO),
  firstPriorityMethod: oneOf(METHODS, 'percentage'),
  secondPriorityMethod: oneOf(METHODS, 'listed'),
  thirdPriorityMethod: oneOf(METHODS, 'listed'),
  payPastDueFirst: yesNo(false),
  overpaymentMethod: oneOf(OVERPAYMENT_METHODS, 'listed'),
  certificationIdNumber: words('', 30),
  certificationMinimumBalance: amountOf(ZERO),
  certificationMinimumCheck: oneOf(MINIMUM_CHECKS, 'ignore'),
  certificationFeeAmount: amountOf(ZERO),
  certificationFeeRate: fraction(new Big('0')),
  certifyBankrupt: yesNo(true),
  certifyWithArrangement: yesNo(true),
  certifyWithCondition: yesNo(true),
  certifyTenantDebt: yesNo(true),
  certificationNoticeDate: dayOrNone(),
  certificationPayByDate: dayOrNone(),
  certificationHearingDate: dayOrNone(),
  certificationResolutionDate: dayOrNone(),
  certificationCountyDeadline: dayOrNone(),
  certificationChargeCode: words('', 20),
  nsfFee: amountOf(ZERO),
  nsfService: named('service'),
  noChecksAfter: whole(NO_CHECKS_AFTER, 0, 99),
  /** Web logins of customers: their icon, flag and reset (product.md 3.23). */
  customerWebAccess: yesNo(false),
  mapSite: words(MAP_SITE, 200),
  secondFactor: oneOf(FACTOR_RULES, 'offered'),
  idleMinutes: whole(15, 5, 30),
  sessionsPerUser: whole(3, 1, 10),
  /** Whether what the counter enters is posted at once or waits in the clerk's batch (product.md 1.3). */
  counterPosting: oneOf(COUNTER_POSTING, 'at_once'),
  /** Who may be sent a statement by e-mail: nobody, whoever ticked Email notices, whoever has an address. */
  emailStatements: oneOf(EMAIL_STATEMENTS, 'opted_in'),
  emailSubject: words('Your utility statement'),
  emailText: words('Your statement is attached.', 1000),
  statementMessage: words('', 500),
  /** What one customer may hold in deposits, in dollars; 0.00 = no limit [001]. */
  maximumDepositHolding: amountOf(ZERO),
  /** In how many parts a deposit may be paid, at most. */
  maximumDepositInstallments: whole(4, 1, 24),
  /** Charges that wait for a payment, as a whole: off, neither their tab nor their rule is there [001]. */
  deferredCharges: yesNo(false),
  /** Required Amount drafts an account's budget, the value of this demographic item (domain.md 3.10). */
  accountLevelBudgets: yesNo(false),
  budgetDemographicItem: words('', 20),
  skipFixedOnCredit: yesNo(false),
  /** Banking days between a prenote and the first live draft. */
  prenoteDays: whole(3, 0, 30),
  notifyLeadDays: whole(10, 0, 60),
  /** Address of the card provider's hosted payment form; empty = no provider is set up. */
  hostedPaymentForm: words('', 300),
  offsetBank: words(),
  offsetTransactionType: oneOf(OFFSET_TYPES, 'checking'),
  immediateDestination: words('', 10),
  immediateOrigin: words('', 10),
  destinationAchName: words('', 23),
  bankHeader: words(),
  /** Days after an instalment's due date until its plan is broken; a plan keeps those of the day it was made. */
  arrangementGraceDays: whole(5, 0, 90),
  arrangementPaymentOrder: oneOf(ARRANGEMENT_ORDERS, 'instalment'),
  cashGl: named('gl'),
  certificationReceivableGl: named('gl'),
  certificationFeeGl: named('gl'),
  adjustmentGl: named('gl'),
  writeOffGl: named('gl'),
  refundGl: named('gl'),
  transferGl: named('gl'),
  depositGl: named('gl'),
  openingGl: named('gl'),
  openCreditGl: named('gl'),
}

type Kinds = typeof KINDS
export type SettingName = keyof Kinds
/** Settings as they stand in their rows. GL settings hold GL numbers, `nsfService` a service's code; null = not set. */
export type StoredSettings = { [name in SettingName]: Kinds[name]['initial'] }
/** All settings, typed. There is always a current period: not set, it is the latest with postings, else this month. */
export type Settings = StoredSettings & { currentPeriod: Day }

export const SETTING_NAMES = Object.keys(KINDS) as SettingName[]

/** `delinquentPeriods` → `delinquent_periods`, the name in rows and files. */
export const rowName = (name: SettingName): string => name.replace(/[A-Z]|\d+/g, (part) => `_${part.toLowerCase()}`)

const BY_ROW_NAME = new Map(SETTING_NAMES.map((name) => [rowName(name), name]))

/** The setting of a name as files write it, or as the API does. */
export const settingNamed = (name: string): SettingName | undefined =>
  BY_ROW_NAME.get(name) ?? (Object.hasOwn(KINDS, name) ? (name as SettingName) : undefined)

const kindOf = (name: SettingName) => KINDS[name] as Kind<unknown>

/** Reads one setting as files write it; empty = its initial value. Refuses what does not fit, in words. */
export function readSetting(name: SettingName, written: string): Result<unknown> {
  const kind = kindOf(name)
  if (written === '') return accept(kind.initial)
  const read = kind.codec.safeParse(written)
  return read.success ? accept(read.data) : refuse('setting_unfit', { name, says: read.error.issues[0]?.message ?? '' })
}

/** One setting as rows and files write it. */
export const writeSetting = <N extends SettingName>(name: N, value: StoredSettings[N]): string =>
  kindOf(name).write(value)

/** All settings, what nobody set at its initial value. */
export async function settings(db: Db): Promise<Settings> {
  const found = await rows<{ name: string; value: string }>(
    db,
    sql`
    select name, value from setting
    union all select 'current_period', coalesce((select max(period) from ledger.journal),
        date_trunc('month', now()) + interval '1 month - 1 day')::date::text
      where not exists (select from setting where name = 'current_period' and value <> '')`,
  )
  return settingsOf(Object.fromEntries(found.map((row) => [row.name, row.value]))) as Settings
}

/** The same from name and value as rows hold them. A stored value that does not fit is a fault and throws. */
export function settingsOf(written: Record<string, string>): StoredSettings {
  const read = SETTING_NAMES.map((name) => {
    const value = readSetting(name, written[rowName(name)] ?? '')
    if (!value.ok) throw new Error(`The setting ${name} cannot be read: ${value.detail.says}`)
    return [name, value.value]
  })
  return Object.fromEntries(read) as StoredSettings
}

/**
 * Stores settings: one statement, only rows that change, audited through `by`. Refuses a GL account or a service that
 * does not exist, and a GL account that would get a second role; the refusal's detail has a sentence by setting.
 */
export async function saveSettings(db: Db, changes: Partial<StoredSettings>, by: number): Promise<void> {
  const changed = Object.keys(changes) as SettingName[]
  if (changed.length === 0) return
  const names = changed.map(rowName)
  const values = changed.map((name) => writeSetting(name, changes[name] as never))
  await refuseUnknownRows(db, changes)
  try {
    await db.execute(sql`
      insert into setting as s (name, value, changed_by)
      select name, value, ${by} from unnest(${sql.param(names)}::text[], ${sql.param(values)}::text[]) as t(name, value)
      order by name
      on conflict (name) do update set value = excluded.value, version = s.version + 1, changed_by = excluded.changed_by
      where s.value <> excluded.value`)
  } catch (error) {
    throw fault(error)
  }
}

async function refuseUnknownRows(db: Db, changes: Partial<StoredSettings>): Promise<void> {
  const named = (names: Kind<unknown>['names']) =>
    Object.entries(changes).filter(([name, code]) => kindOf(name as SettingName).names === names && code !== null)
  const wanted = [named('gl'), named('service')]
  if (wanted.flat().length === 0) return
  const known = await rows<{ kind: 'gl' | 'service'; code: string }>(
    db,
    sql`
    select 'gl' as kind, number as code from gl_account union all select 'service', code from service where id <> 0`,
  )
  const has = (kind: string, code: unknown) => known.some((row) => row.kind === kind && row.code === code)
  const errors = Object.fromEntries([
    ...named('gl').flatMap(([name, code]) => (has('gl', code) ? [] : [[name, `There is no GL account ${code}.`]])),
    ...named('service').flatMap(([name, code]) =>
      has('service', code) ? [] : [[name, `There is no service ${code}.`]],
    ),
  ]) as Record<string, string>
  const [first] = Object.values(errors)
  if (first) throw new Refused('setting_unknown_row', first, errors)
}
