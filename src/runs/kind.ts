import type { z } from 'zod'
import type { Permission } from '../auth/permissions.ts'
import type { Db } from '../db/db.ts'
import type { Day } from '../ledger/calendar.ts'
import type { PreviewLine, Stage } from './stage.ts'

/** What preparing a run may use: all rows (runs take private accounts in whoever starts them) and the town's day. */
export interface Preparing {
  db: Db
  runId: number
  actor: number
  today: Day
  /** The accounts that met the criteria; `undefined` when the run is for everyone. */
  selected: number[] | undefined
  stage: Stage
  /** Says how far preparing has come; it can be left and looked at again. */
  progress(done: number, total: number): Promise<void>
}

/** Totals that a kind states itself where the change of the utility balances is not what its preview is about. */
export interface Prepared {
  /** Dollars, as text; absent = the sum of the staged utility postings. */
  total?: string
  fees?: string
}

/** A column of preview and register: the lines of one type. `apart` = it does not change the balance. */
export interface RunColumn {
  type: string
  label: string
  apart?: boolean
}

/** A batch routine: its options and how its rows are prepared. Everything else is the frame's (product.md 1.3). */
export interface RunKind<Options = unknown> {
  /** Public name: `tax-certification.create-records`. */
  kind: string
  menu: string
  title: string
  /** Address of its screen: `/tax-certification/create-records`. */
  path: string
  /** It is started at the server's own machine: there is no screen to open it in. */
  withoutScreen?: true
  may: { prepare: Permission; post: Permission; reverse: Permission }
  /** Options as the API and the command line send them; strict. */
  options: z.ZodType<Options>
  /** What the fingerprints of its accounts are made of. */
  factsKind: 'version' | 'certified_buckets'
  /**
   * The line types that its total and its fees are made of (absent total = the staged utility postings), where each
   * account is prepared by itself: *Prepare these again* then does only those that changed. Absent where the rows hang
   * together, as in one file of all accounts: then it is prepared whole.
   */
  eachAlone?: { total?: string[]; fees?: string[] }
  /**
   * The option that is the content of a file, as text: it is kept as a file of the run and not among its options. Names
   * the file, and says whether it names accounts of private customers, as others may not open it then.
   */
  receives?: {
    option: keyof Options & string
    mediaType: string
    fileName(options: Options): string
    holdsPrivate(db: Db, content: string): Promise<boolean>
  }
  /** Permissions beyond `may.prepare` that these options ask of whoever starts the run; checked by screen, API and command line. */
  needs?(options: Options): Permission[]
  /** Permissions beyond `may.post` that what stands in this run asks of whoever previews or posts it, by screen or API. */
  needsToPost?(db: Db, runId: number): Promise<Permission[]>
  /** Throws Refused, by the field, for options that cannot be: asked before there is a run, so that none is left of them. */
  check?(db: Db, options: Options): Promise<void>
  /** Reads facts, asks the pure rules, writes staged rows. Posts nothing. Throws Refused for options that cannot be. */
  prepare(preparing: Preparing, options: Options): Promise<Prepared>
  /** The columns of preview and register, in this order; absent = the types of the staged lines as they come. */
  columns?: RunColumn[]
  /** The options in words, for the run's page and its register; absent = the options by their names. */
  describe?(options: Options): { label: string; value: string }[]
  /** The derivation of one account's row from the facts that were kept with it, in plain sentences. */
  explain?(account: { facts: unknown; lines: PreviewLine[] }): string[]
  /** Options the screen opens with. */
  defaults?(db: Db, today: Day): Promise<Partial<Options>>
  /** Runs that rest on this one (their ids), listed before it is reversed. */
  dependents?(db: Db, runId: number): Promise<number[]>
  /** Transactions entered singly that rest on this run (their ids): listed and reversed with it like its dependent runs. */
  dependentTransactions?(db: Db, runId: number): Promise<number[]>
  /** Throws where the run cannot be reversed at all; asked before anything is. */
  refuseReversal?(db: Db, runId: number): Promise<void>
}

/** Whether this person may open the routine's screen. */
export const mayOpen = (kind: RunKind | undefined, may: (permission: Permission) => boolean): boolean =>
  kind !== undefined && !kind.withoutScreen && may(kind.may.prepare)
