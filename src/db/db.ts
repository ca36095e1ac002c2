import { type BuildQueryConfig, fillPlaceholders, type SQL } from 'drizzle-orm'
import type { PgDialect } from 'drizzle-orm/pg-core'
import { drizzle, type PostgresJsDatabase } from 'drizzle-orm/postgres-js'
import postgres, { type Sql } from 'postgres'
import * as schema from './tables/index.ts'

/** A pool or a transaction. Raw SQL: `db.execute(sql`...`)`, or `rows` and `one` below. */
export type Db = PostgresJsDatabase<typeof schema>

export interface Roles {
  /** Sees public rows only. */
  app: string
  /** Sees private rows too. */
  private: string
}

export interface Databases {
  /** For people who may not see private accounts. */
  app: Db
  /** For administrators, the command line and jobs. */
  private: Db
  /**
   * Who is asking, and what the town is called: the small statements of every visit. One connection on which all are
   * prepared and go out together, since a write to a socket costs more than such a statement.
   */
  visits: Db
  /** The owner's address; serves migrations, backup and jobs, never a page. */
  url: string
  roles: Roles
  /** Another pool as the role that sees all, past Drizzle, for the job queue; whoever opens it ends it. */
  openPrivate(max: number): postgres.Sql
  close(): Promise<void>
}

export interface OpenOptions {
  /** The owner's address. */
  url: string
  roles: Roles
  /** Behind a pooler: addresses that sign in as the two roles themselves. */
  appUrl?: string | undefined
  privateUrl?: string | undefined
  /** Transaction pooling in between: no prepared statements and no start settings. */
  pooler?: boolean
  /** Connections of each pool. */
  max?: number
}

// A run of a large town takes tens of seconds; a statement that takes five minutes is lost.
export const STATEMENT_TIMEOUT_MS = 300_000

/** Start settings of a served connection. The role is one of them, so `reset role` leads back to it and not to the owner. */
const startSettings = (role: string) => ({
  role,
  TimeZone: 'UTC',
  statement_timeout: STATEMENT_TIMEOUT_MS,
  idle_in_transaction_session_timeout: 60_000,
  jit: 'off',
})

function pool(url: string, role: string, options: OpenOptions) {
  const pooled = options.pooler ?? false
  return postgres(url, {
    max: options.max ?? 10,
    idle_timeout: 300,
    max_lifetime: 1800,
    connect_timeout: 10,
    prepare: !pooled,
    onnotice: () => {},
    connection: { application_name: 'clerkwell', ...(pooled ? {} : startSettings(role)) },
    // With several hosts in the address, follow the primary after a failover.
    ...(/@[^/]*,/.test(url) ? { target_session_attrs: 'read-write' as const } : {}),
  })
}

/** Drizzle leaves its statements unprepared, which costs each a parse, a plan and a second round trip. */
function preparing(client: Sql): Sql {
  const { unsafe } = client
  const { prepare } = client.options
  return Object.assign(client, {
    unsafe: (text: string, params: never[], options: object) => unsafe(text, params, { prepare, ...options }),
  }) as Sql
}

/** Opens the pools; a connection is made when the first query needs it. */
export function openDatabases(options: OpenOptions): Databases {
  const app = pool(options.appUrl ?? options.url, options.roles.app, options)
  const all = pool(options.privateUrl ?? options.url, options.roles.private, options)
  const visits = preparing(pool(options.appUrl ?? options.url, options.roles.app, { ...options, max: 1 }))
  return {
    visits: drizzle(visits, { schema, casing: 'snake_case' }),
    app: drizzle(app, { schema, casing: 'snake_case' }),
    private: drizzle(all, { schema, casing: 'snake_case' }),
    url: options.url,
    roles: options.roles,
    openPrivate: (max) => pool(options.privateUrl ?? options.url, options.roles.private, { ...options, max }),
    close: async () => {
      await Promise.all([app, all, visits].map((client) => client.end({ timeout: 5 })))
    },
  }
}

/** Rows of a raw statement. bigint, numeric and count(*) arrive as strings: cast in SQL or say so in `T`. */
export async function rows<T>(db: Db, query: SQL): Promise<T[]> {
  return [...(await db.execute(query))] as T[]
}

/** The first row of a raw statement, or undefined. */
export async function one<T>(db: Db, query: SQL): Promise<T | undefined> {
  return (await rows<T>(db, query))[0]
}

/** A statement as PostgreSQL takes it; its parameters may be placeholders, to be filled for each time it is asked. */
export interface Compiled {
  text: string
  params: unknown[]
}

/** A statement with its values and the pool that it is asked of. */
export interface Question {
  db: Db
  statement: Compiled
  values: Record<string, unknown>
}

/** Compiles a statement, or a piece of one whose parameters come after `before` others. */
export function compiled(db: Db, query: SQL, before = 0): Compiled {
  const { dialect } = db as unknown as { dialect: PgDialect & { casing: BuildQueryConfig['casing'] } }
  const { casing, escapeName, escapeParam, escapeString } = dialect
  const { sql: text, params } = query.toQuery({
    casing,
    escapeName,
    escapeParam,
    escapeString,
    paramStartIndex: { value: before },
  })
  return { text, params }
}

/**
 * Asks what was compiled, with the values of its placeholders (text, numbers, booleans or null), and leaves it prepared.
 *
 * postgres.js knows a prepared statement by one text, the types of its arguments and its own text joined, and looks that
 * up each time: of the 15 KB of an account page it costs a thirtieth of the page. Given past the arguments, the values
 * leave the statement's text as it is, which is hashed once; PostgreSQL tells the types.
 */
export async function ask<T>(db: Db, { text, params }: Compiled, values: Record<string, unknown> = {}): Promise<T[]> {
  const { session } = db as unknown as { session: { client: Sql } }
  // behind a transaction pooler nothing is prepared
  const prepare = session.client.options?.prepare ?? true
  const query = session.client.unsafe(text, [], { prepare, simple: false } as { prepare: boolean })
  const parameters = fillPlaceholders(params, values)
  if (!parameters.every(isPlain)) throw new TypeError('a value that is neither text, number, boolean nor null')
  return [...(await Object.assign(query, { parameters }))] as unknown as T[]
}

const isPlain = (value: unknown): boolean =>
  value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'

/** A raw statement that every page asks: compiled once, prepared, its values given by the names of its placeholders. */
export function statement<T>(query: SQL): (db: Db, values: Record<string, unknown>) => Promise<T[]> {
  let once: Compiled | undefined
  return (db, values) => {
    once ??= compiled(db, query)
    return ask<T>(db, once, values)
  }
}

export interface DatabaseFault {
  code: string
  message: string
  constraint_name?: string
  detail?: string
}

/** What PostgreSQL said, under Drizzle's wrapping; undefined when the error is not PostgreSQL's. */
export function databaseFault(error: unknown): DatabaseFault | undefined {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if (cause.name === 'PostgresError') return cause as Error & DatabaseFault
  }
  return undefined
}
