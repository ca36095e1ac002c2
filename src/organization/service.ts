import { z } from 'zod'
import type { Db } from '../db/db.ts'
import { Refused } from '../errors.ts'
import { periodOf } from '../ledger/calendar.ts'
import type { Refusal } from '../ledger/result.ts'
import { type Count, touchedAccounts } from './counts.ts'
import { LISTS } from './picker.ts'
import { type AllocationLists, allocationFaults } from './rules.ts'
import { saveServices } from './save-services.ts'
import {
  readSetting,
  SETTING_NAMES,
  type SettingName,
  type StoredSettings,
  saveSettings,
  settingNamed,
  settings,
  writeSetting,
} from './settings.ts'
import { allocationLists, periodList, type ServiceRow, serviceList, storeLists } from './store.ts'

/** Settings as JSON carries them: amounts and rates are text, a missing value is null. */
export type SettingsJson = Record<SettingName, string | number | boolean | null>

export type Organization = SettingsJson & {
  services: ServiceRow[]
  paymentAllocation: AllocationLists
  counts: { delinquent: number; shutoff: number; certifiable: number }
}

/** The organization as the API answers it (contract.md 3). Counts are of the accounts that this pool may see. */
export async function organization(db: Db): Promise<Organization> {
  const stored = await settings(db)
  const [services, paymentAllocation, counts] = await Promise.all([
    serviceList(db),
    allocationLists(db),
    touchedAccounts(db, stored),
  ])
  const count = (of: Count) => of.accounts
  return {
    ...settingsJson(stored),
    services,
    paymentAllocation,
    counts: {
      delinquent: count(counts.delinquent),
      shutoff: count(counts.shutoff),
      certifiable: count(counts.certifiable),
    },
  }
}

export function settingsJson(stored: StoredSettings): SettingsJson {
  const plain = SETTING_NAMES.map((name) => {
    const value = stored[name]
    return [name, typeof value === 'object' && value !== null ? writeSetting(name, value as never) : value]
  })
  return Object.fromEntries(plain) as SettingsJson
}

const list = z.array(z.string().max(20)).max(500)
const listsSchema = z
  .strictObject({ first: list, second: list, third: list, overpayment: list, exclude: list })
  .partial()

/**
 * Stores what a JSON body names and nothing else, all or nothing; `counts` is an answer and may come along unread.
 * Refuses unknown names, values that do not fit and faulty lists; the detail has a sentence by field.
 */
export async function saveOrganization(db: Db, body: Record<string, unknown>, by: number): Promise<void> {
  const { services: changed, counts: _counts, paymentAllocation, ...given } = body
  const lists = paymentAllocation === undefined ? undefined : listsSchema.safeParse(paymentAllocation)
  if (lists && !lists.success)
    throw refusedFields({
      paymentAllocation: 'Send lists of service codes: first, second, third, overpayment, exclude.',
    })
  const tab = { settings: settingsFrom(given), ...(lists ? { lists: definedOnly(lists.data) } : {}) }
  await db.transaction(async (tx) => {
    if (changed !== undefined) await saveServices(tx, changed, by)
    await saveTab(tx, tab, by)
  })
}

export interface Tab {
  settings: Partial<StoredSettings>
  lists?: Partial<AllocationLists>
}

/** Stores settings and lists together or not at all, with every check that needs the town's other data. */
export async function saveTab(db: Db, tab: Tab, by: number): Promise<void> {
  if (tab.settings.currentPeriod) await refuseNoPeriod(db, tab.settings.currentPeriod)
  const lists = tab.lists && { ...(await allocationLists(db)), ...tab.lists }
  if (lists) await refuseFaultyLists(db, lists)
  await db.transaction(async (tx) => {
    await saveSettings(tx, tab.settings, by)
    if (lists) await storeLists(tx, lists, by)
  })
}

async function refuseNoPeriod(db: Db, day: string): Promise<void> {
  const periods = (await periodList(db)).map((period) => period.end)
  if (periodOf(day, periods) !== day) throw refusedFields({ currentPeriod: 'No period ends on that day.' })
}

async function refuseFaultyLists(db: Db, lists: AllocationLists): Promise<void> {
  const services = await serviceList(db)
  const faults = allocationFaults(
    lists,
    services.map(({ code }) => code),
  )
  if (faults.length === 0) return
  const name = (code = '') => services.find((service) => service.code === code)?.name ?? code
  const errors: Record<string, string> = {}
  for (const fault of faults) errors[faultField(fault, lists)] ??= faultSentence(fault, name(fault.detail.service))
  throw refusedFields(errors)
}

const TITLES: Record<string, string> = {
  first: 'First Priority Services',
  second: 'Second Priority Services',
  third: 'Third Priority Services',
  overpayment: 'Allocate Overpayments to These Services',
  exclude: 'Exclude These Services',
}

/** The list that an error stands at: the last one in which the service should not be. */
function faultField({ refusal, detail }: Refusal, lists: AllocationLists): string {
  if (refusal === 'overpayment_and_excluded') return 'exclude'
  return LISTS.findLast((name) => detail.list?.includes(name) && lists[name].includes(detail.service ?? '')) ?? 'first'
}

function faultSentence({ refusal, detail }: Refusal, service: string): string {
  const where = (detail.list ?? '')
    .split(', ')
    .map((name) => TITLES[name] ?? name)
    .join(' and in ')
  if (refusal === 'service_unknown') return `There is no service ${service}.`
  if (refusal === 'overpayment_and_excluded') {
    return `${service} is in ${TITLES.overpayment} and in ${TITLES.exclude}. It can be in one of them only.`
  }
  return `${service} stands twice in ${where}. A service has one place.`
}

/** Settings out of a JSON object, by either spelling of their names. */
function settingsFrom(given: Record<string, unknown>): Partial<StoredSettings> {
  const errors: Record<string, string> = {}
  const changes: Record<string, unknown> = {}
  for (const [written, value] of Object.entries(given)) {
    const name = settingNamed(written)
    const read = name && readSetting(name, asWritten(value))
    if (!name || !read) errors[written] = 'There is no such setting.'
    else if (read.ok) changes[name] = read.value
    else errors[written] = read.detail.says ?? 'This does not fit.'
  }
  if (Object.keys(errors).length > 0) throw refusedFields(errors)
  return changes as Partial<StoredSettings>
}

function asWritten(value: unknown): string {
  if (value === null) return ''
  if (typeof value === 'boolean') return value ? 'yes' : 'no'
  return typeof value === 'number' || typeof value === 'string' ? String(value) : '{}'
}

const definedOnly = (lists: z.infer<typeof listsSchema>): Partial<AllocationLists> =>
  Object.fromEntries(Object.entries(lists).filter(([, codes]) => codes !== undefined))

function refusedFields(errors: Record<string, string>): Refused {
  return new Refused('organization_refused', Object.values(errors)[0] ?? '', errors)
}
