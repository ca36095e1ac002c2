import { dayText, moneyText } from '../web/format.ts'
import { asText, type TheirChange, type Values } from './merge.ts'
import { metaOf, type Row, type SetupTable } from './table.ts'

export interface Cell {
  text: string
  amount: boolean
}

/** A value as the list shows it: amounts with two decimals, days as dates, a tick as Yes, a choice by its label. */
export function cell(declared: SetupTable, row: Row, name: string): Cell {
  return { text: shown(declared, name, asText(row[name])), amount: metaOf(declared, name).input === 'money' }
}

function shown(declared: SetupTable, name: string, text: string): string {
  const { input, options = [] } = metaOf(declared, name)
  if (input === 'checkbox') return text === 'on' ? 'Yes' : ''
  if (text === '') return ''
  if (input === 'money') return moneyText(text)
  if (input === 'date') return dayText(text)
  const option = options.find((each) => typeof each !== 'string' && each.value === text)
  return typeof option === 'object' ? option.label : text
}

/** The other's changes in words: "Name was Monthly and is now Every month; you typed Each month." */
export function theirChanges(declared: SetupTable, theirs: readonly TheirChange[]): string[] {
  const say = (field: string, text: string) =>
    shown(declared, field, text) || (metaOf(declared, field).input === 'checkbox' ? 'No' : 'empty')
  return theirs.map(({ field, was, now, typed }) => {
    const change = `${metaOf(declared, field).label} was ${say(field, was)} and is now ${say(field, now)}`
    return typed === undefined ? `${change}.` : `${change}; you typed ${say(field, typed)}.`
  })
}

/** What was typed, apart from what the clerk had been shown. A broken `seen` counts as none. */
export function formData(parsed: Record<string, unknown>) {
  const { seen, ...data } = parsed
  return { data, seen: seenState(typeof seen === 'string' ? seen : '') }
}

function seenState(written: string): { version: number; values: Values } | undefined {
  try {
    const read = JSON.parse(written) as { version?: unknown; values?: unknown }
    if (!Number.isInteger(read.version) || typeof read.values !== 'object' || read.values === null) return undefined
    const entries = Object.entries(read.values).filter(([, value]) => typeof value === 'string')
    return { version: Number(read.version), values: Object.fromEntries(entries) as Values }
  } catch {
    return undefined
  }
}
