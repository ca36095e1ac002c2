import type { Context } from '../web/context.ts'
import type { ShowOptions } from '../web/form.ts'
import type { PersonFacts, PersonLists } from './person-facts.ts'
import type { Form } from './record.ts'

/** Which one of a person's phones or addresses: a row's id, or the primary one, which stands in the customer's own row. */
export type Key = number | 'primary'

export interface Part {
  key: Key
  version: number
  /** What it is called in titles. */
  name: string
  values: object
  /** Fields that are shown and not typed. */
  readonly: readonly string[]
}

/** Phones and addresses of a person: each is added, edited and deleted on a page of its own. */
export interface PartKind<T> {
  /** The piece of the address: `phones`. */
  path: string
  noun: string
  /** The form's title for one that is added. */
  title: string
  form: Form<T>
  options(lists: PersonLists): ShowOptions
  /** What a new one opens with. */
  initial(person: PersonFacts): { values: object; readonly: readonly string[] }
  find(person: PersonFacts, key: Key, ctx: Context): Promise<Part | undefined>
  /** `at` is absent for a new one. */
  save(ctx: Context, person: PersonFacts, data: T, at?: { key: Key; version: number }): Promise<void>
  remove(ctx: Context, person: PersonFacts, at: { key: Key; version: number }): Promise<void>
}
