import path from 'node:path'
import { z } from 'zod'
import { CannotStart } from './errors.ts'

// An empty value in a compose file or a service unit means "not set".
const unset = (value: unknown) => (value === '' ? undefined : value)
const optional = <T extends z.ZodType>(schema: T) => z.preprocess(unset, schema.optional())
const text = optional(z.string())
const flag = optional(z.enum(['0', '1'], 'must be 1 or 0'))
const count = (least: number, most: number) =>
  optional(
    z
      .string()
      .regex(/^\d{1,5}$/, 'must be a whole number')
      .transform(Number)
      .pipe(z.number().min(least, `must be at least ${least}`).max(most, `must be at most ${most}`)),
  )
const database = optional(z.string().regex(/^postgres(ql)?:\/\//, 'must start with postgres://'))

const environment = z.object({
  NODE_ENV: text,
  PORT: count(0, 65_535),
  HOST: text,
  DATABASE_URL: database,
  DATABASE_DIRECT_URL: database,
  DATABASE_POOLER: flag,
  DATABASE_APP_URL: database,
  DATABASE_PRIVATE_URL: database,
  CLERKWELL_DATA: text,
  CLERKWELL_KEYS: text,
  CLERKWELL_TODAY: optional(z.iso.date('must be a day like 2026-03-01')),
  CLERKWELL_TEST: flag,
  TRUST_PROXY: text,
  WEB_CONCURRENCY: count(1, 64),
  SMTP_URL: optional(z.string().regex(/^smtps?:\/\//, 'must start with smtp:// or smtps://')),
  MAIL_FROM: text,
  LOG_LEVEL: optional(z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'])),
  SESSION_SECRET: optional(z.string().min(16, 'must have at least 16 characters')),
})
type Environment = z.infer<typeof environment>

export interface Config {
  production: boolean
  /** Only tests set it: lets an engine without fsync post money. */
  test: boolean
  port: number
  host: string
  database: {
    /** The owner's address; undefined = the embedded engine in `dataFolder`. */
    url: string | undefined
    /** Migrations take this one: behind a pooler it leads past it. */
    directUrl: string | undefined
    pooler: boolean
    appUrl: string | undefined
    privateUrl: string | undefined
  }
  /** Absolute path; the embedded engine, its lock files and the keys live here. */
  dataFolder: string
  /** File with the field-encryption keys; undefined on a server that is not ours and where none was named. */
  keysFile: string | undefined
  /** Replaces today everywhere; never in production. */
  today: string | undefined
  trustProxy: boolean | number | string
  workers: number
  smtpUrl: string | undefined
  mailFrom: string | undefined
  logLevel: string
  sessionSecret: string | undefined
}

/** What is wrong with settings that are each well formed; undefined when nothing is. */
function contradiction(env: Environment): string | undefined {
  if (env.NODE_ENV === 'production') {
    if (!env.DATABASE_URL && !env.CLERKWELL_DATA) {
      return 'In production set DATABASE_URL (a PostgreSQL server) or CLERKWELL_DATA (the folder of the embedded engine); neither is set.'
    }
    if (env.CLERKWELL_TODAY) return 'CLERKWELL_TODAY replaces the date and is refused in production.'
    if (env.CLERKWELL_TEST === '1') return 'CLERKWELL_TEST switches off safety checks and is refused in production.'
  }
  if (env.DATABASE_POOLER === '1' && !(env.DATABASE_APP_URL && env.DATABASE_PRIVATE_URL)) {
    return 'Behind a pooler (DATABASE_POOLER=1) also set DATABASE_APP_URL and DATABASE_PRIVATE_URL, which sign in as the two application roles.'
  }
  return undefined
}

/** Express's `trust proxy`: yes or no, a number of hops, or a list of addresses. */
function trustProxy(value: string | undefined): boolean | number | string {
  if (value === undefined || value === 'false' || value === 'no') return false
  if (value === 'true' || value === 'yes') return true
  return /^\d+$/.test(value) ? Number(value) : value
}

/** Reads the environment (contract.md 1). Refuses with a plain sentence naming the variable. */
export function parseConfig(source: Record<string, string | undefined>): Config {
  const parsed = environment.safeParse(source)
  if (!parsed.success) {
    throw new CannotStart(parsed.error.issues.map((issue) => `${issue.path.join('.')} ${issue.message}.`).join('\n'))
  }
  const env = parsed.data
  const wrong = contradiction(env)
  if (wrong) throw new CannotStart(wrong)
  const dataFolder = path.resolve(env.CLERKWELL_DATA ?? './data')
  const test = env.CLERKWELL_TEST === '1'
  return {
    production: env.NODE_ENV === 'production',
    test,
    port: env.PORT ?? 3000,
    host: env.HOST ?? '127.0.0.1',
    database: {
      url: env.DATABASE_URL,
      directUrl: env.DATABASE_DIRECT_URL,
      pooler: env.DATABASE_POOLER === '1',
      appUrl: env.DATABASE_APP_URL,
      privateUrl: env.DATABASE_PRIVATE_URL,
    },
    dataFolder,
    keysFile: env.CLERKWELL_KEYS ?? (env.DATABASE_URL ? undefined : path.join(dataFolder, 'keys.json')),
    today: env.CLERKWELL_TODAY,
    trustProxy: trustProxy(env.TRUST_PROXY),
    workers: env.WEB_CONCURRENCY ?? 1,
    smtpUrl: env.SMTP_URL,
    mailFrom: env.MAIL_FROM,
    logLevel: env.LOG_LEVEL ?? (test ? 'error' : 'info'),
    sessionSecret: env.SESSION_SECRET,
  }
}

let known: Config | undefined

/** The process's own configuration, read once. The only place that looks at the environment. */
export function config(): Config {
  known ??= parseConfig(process.env)
  return known
}
