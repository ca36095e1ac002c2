import type { SQL } from 'drizzle-orm'
import type { PgColumn, PgTable } from 'drizzle-orm/pg-core'
import { z } from 'zod'
import type { Permission } from '../auth/permissions.ts'
import type { NumberKind, Sentences } from '../customers/rows.ts'
import type { Context } from '../web/context.ts'
import { defineForm, field, type ShowOptions } from '../web/form.ts'
import { numberInput, optional } from '../web/inputs.ts'
import { seenField } from '../web/seen.ts'

/** Where a record hangs: the account that is open, its customer (on tabs of the owner, the owner) and its location. */
export interface Place {
  number: string
  accountId: number
  customerId: number
  locationId: number
  /** Address of the tab: `/panel/100.01/recurring-items`. */
  at: string
}

export interface Found {
  id: number
  version: number
  /** What it is called in titles. */
  name: string
  values: object
  /** Fields that are shown and not typed any more. */
  fixed?: readonly string[]
  /** Whether Delete is offered. */
  removable?: boolean
}

/**
 * Records of an account, its customer or its location that a tab lists: each is added, edited and deleted on a page of
 * its own under the tab. A kind is declared once; the frame brings the routes, versions, refusals and words.
 */
export interface PanelRecord<S extends Record<string, z.ZodType>> {
  /** Path of the tab: `recurring-items`. */
  tab: string
  /** One of them, as in 'recurring item'. */
  noun: string
  need: Permission
  table: PgTable & { id: PgColumn; version: PgColumn; changedBy: PgColumn }
  fields: S
  /** Its page; absent = `panel/record`. */
  template?: string
  /** All of the account in `a`, json, as the tab shows and the API answers them; each with its `id`. */
  list: SQL
  /** Lists of the form; `id` is that of the record that is open, absent for a new one. */
  options?(ctx: Context, place: Place, id?: number): Promise<ShowOptions>
  /** The tab to go back to, where it is not `tab`. */
  back?: string
  /** What a new one opens with; `query` is the address's. */
  initial?(ctx: Context, place: Place, query: Record<string, unknown>): object | Promise<object>
  /** Fields of a new one that are shown and not typed. */
  fixedNew?: readonly string[]
  find(ctx: Context, place: Place, id: number): Promise<Found | undefined>
  /** The row that is stored, from what was typed; throws Refused. `kept` is absent for a new one. */
  row(ctx: Context, place: Place, typed: Typed<S>, kept?: Found): object | Promise<object>
  /** Where a record is more than one row: stores it and gives its id, in place of the frame's insert or update. */
  store?(ctx: Context, row: object, seen?: Found): Promise<number>
  sentences?: Sentences
  /** A new one gets the next number of this kind. */
  numbered?: NumberKind
  /** Said when Delete meets a record that is used. */
  used?: string
  /** None of them is deleted. */
  kept?: true
  /** What Delete takes away with it, as a sentence; empty = nothing. */
  goesToo?(ctx: Context, found: Found): Promise<string>
  /** What its page shows beside the form. */
  more?(ctx: Context, place: Place, found: Found): Promise<object>
}

/** What a form of these fields gives. */
export type Typed<S extends Record<string, z.ZodType>> = z.infer<z.ZodObject<S>>

export type Kind = PanelRecord<Record<string, z.ZodType>>

/**
 * A kind with its form; `version` says which state of the row the clerk was shown, `requestId` which new one it is that is
 * sent.
 */
export interface RecordFrame {
  kind: Kind
  form: ReturnType<typeof defineForm>
}

export function recordFrame<S extends Record<string, z.ZodType>>(declared: PanelRecord<S>): RecordFrame {
  const version = field(optional(numberInput()), { label: '', input: 'hidden' })
  const requestId = field(optional(z.uuid()), { label: '', input: 'hidden' })
  const form = defineForm({ ...declared.fields, version, seen: seenField(), requestId })
  return { kind: declared as unknown as Kind, form }
}

/** What was typed, without what the form carries hidden. */
export function typedOf({ version, seen, requestId, ...typed }: Record<string, unknown>): never {
  return typed as never
}

/** What was typed, and of fields that are not typed any more what is stored; what is empty or not ticked is left out. */
export function withFixed({ fixed = [], values }: Found, body: object): object {
  const stored = values as Record<string, unknown>
  const kept = fixed.flatMap((name) => (isEmpty(stored[name]) ? [] : [[name, String(stored[name])]]))
  const typed = Object.entries(body).filter(([name]) => !fixed.includes(name))
  return Object.fromEntries([...typed, ...kept])
}

const isEmpty = (value: unknown): boolean => value === null || value === undefined || value === false || value === ''
