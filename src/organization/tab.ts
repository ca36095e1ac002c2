import type { Request, Response } from 'express'
import type { Db } from '../db/db.ts'
import { asText, mergeChanges, type Values } from '../tables/merge.ts'
import { context } from '../web/context.ts'
import { flash } from '../web/flash.ts'
import type { Option } from '../web/form.ts'
import { dayText, momentText, moneyText } from '../web/format.ts'
import type { TownFacts } from '../web/town.ts'
import { settingLabel } from './forms.ts'
import { isListName, LISTS } from './picker.ts'
import type { AllocationLists } from './rules.ts'
import { saveTab } from './service.ts'
import { rowName, type SettingName, type Settings, settingNamed, settingsOf, writeSetting } from './settings.ts'
import { lastSaved, recentChanges } from './store.ts'

export const ROOT = '/organization/organization'
const TABS = [
  ['General', ROOT],
  ['Payment Allocation', `${ROOT}/payment-allocation`],
  ['Certification', `${ROOT}/certification`],
  ['Direct Pay', `${ROOT}/direct-pay`],
  ['Billing', `${ROOT}/billing`],
  ['Security', `${ROOT}/security`],
] as const
export type TabLabel = (typeof TABS)[number][0]

/** What every tab of Organization > Organization shows around its form. */
export async function tabFrame(res: Response, current: TabLabel) {
  const { db, may } = context(res)
  const { timezone } = res.locals.town as TownFacts
  const saved = await lastSaved(db)
  return {
    title: 'Organization',
    tabs: TABS.map(([label, href]) => ({ label, href, current: label === current })),
    saved: saved ? `Last saved ${momentText(saved.at, timezone)}${saved.who ? ` by ${saved.who}` : ''}` : '',
    mayEdit: may('organization.edit'),
    audit: may('audit.view') ? '/reports/audit-trail?subject=setting' : '',
    theirs: [] as string[],
  }
}

/** The latest changes of settings in words; only for those who may read the audit trail. */
export async function changesInWords(res: Response): Promise<{ at: string; text: string }[]> {
  const { db, may } = context(res)
  if (!may('audit.view')) return []
  const { timezone } = res.locals.town as TownFacts
  return (await recentChanges(db, 6)).map(({ at, who, name, was, now }) => ({
    at: momentText(at, timezone),
    text: `${settingLabel(settingNamed(name) ?? name)} ${was ? `${shown(was)} to ` : ''}${shown(now) || 'none'}${who ? `, ${who}` : ''}`,
  }))
}

/** Settings and lists of a tab as their rows hold them, by name: what a form carries as `seen` and what is compared. */
export function writtenState(stored: Settings, names: readonly SettingName[], lists?: AllocationLists): Values {
  const settings = names.map((name) => [name, writeSetting(name, stored[name] as never)])
  return Object.fromEntries([
    ...settings,
    ...Object.entries(lists ?? {}).map(([name, codes]) => [name, JSON.stringify(codes)]),
  ])
}

export interface TabSave {
  stored: Values
  typed: Values
  seen: string
}

/**
 * Stores what the clerk changed on a tab and nothing else. Where somebody else changed the tab since it was shown nothing
 * is stored: the answer has their changes in words, and the values to go on with.
 */
export async function saveChanges(
  req: Request,
  res: Response,
  tab: TabSave,
): Promise<{ values: Values; theirs: string[] } | undefined> {
  const { values, theirs } = mergeChanges(seenValues(tab.seen) ?? tab.stored, tab.stored, tab.typed)
  if (theirs.length > 0) return { values, theirs: theirs.map(inWords) }
  const changed = Object.keys(tab.typed).filter((name) => tab.typed[name] !== tab.stored[name])
  await store(context(res).db, changed, tab.typed, context(res).actor.id)
  flash(
    req,
    `Saved. ${changed.map((name) => `${settingLabel(name)} is now ${shown(tab.typed[name] ?? '') || 'none'}.`).join(' ') || 'Nothing had changed.'}`,
  )
  return undefined
}

async function store(db: Db, changed: readonly string[], typed: Values, by: number): Promise<void> {
  const names = changed.filter((name) => !isListName(name)) as SettingName[]
  const read = settingsOf(Object.fromEntries(names.map((name) => [rowName(name), typed[name] ?? ''])))
  const lists = LISTS.filter((name) => changed.includes(name)).map((name) => [name, JSON.parse(typed[name] ?? '[]')])
  const settings = Object.fromEntries(names.map((name) => [name, read[name]]))
  await saveTab(db, { settings, ...(lists.length > 0 ? { lists: Object.fromEntries(lists) } : {}) }, by)
}

function seenValues(written: string): Values | undefined {
  try {
    const read: unknown = JSON.parse(written)
    return typeof read === 'object' && read !== null
      ? Object.fromEntries(Object.entries(read).map(([name, value]) => [name, asText(value)]))
      : undefined
  } catch {
    return undefined
  }
}

function inWords({ field, was, now, typed }: { field: string; was: string; now: string; typed?: string }): string {
  const change = `${settingLabel(field)} was ${shown(was) || 'none'} and is now ${shown(now) || 'none'}`
  return typed === undefined ? `${change}.` : `${change}; you typed ${shown(typed) || 'none'}.`
}

/** A value of a row as people read it. */
function shown(written: string): string {
  if (/^-?\d+\.\d{2}$/.test(written)) return moneyText(written)
  if (/^\d{4}-\d{2}-\d{2}$/.test(written)) return dayText(written)
  if (written.startsWith('[')) return (JSON.parse(written) as string[]).join(', ')
  return written
}

export const options = (rows: readonly { code: string; name: string }[]): Option[] =>
  rows.map(({ code, name }) => ({ value: code, label: `${code} ${name}` }))
