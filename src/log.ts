import { type LoggerOptions, pino } from 'pino'
import { config } from './config.ts'

const HIDDEN = ['password', 'token', 'secret', 'seed', 'ssn', 'licence', 'bankAccount', 'body']

// A failed statement carries its values in its message, and PostgreSQL quotes a value that it cannot read (class 22).
const VALUES = /\n(params|parameters):[\s\S]*$/i
const QUOTED = /"[\s\S]*"/

function withoutValues(message: string, code: unknown): string {
  const plain = message.replace(VALUES, '')
  return String(code).startsWith('22') ? plain.replace(QUOTED, '"(hidden)"') : plain
}

/** Kind, message, code, statement and stack of an error and its causes; what a statement was given is left out. */
function serialized(error: unknown): unknown {
  if (!(error instanceof Error)) return error
  const { code, constraint_name, query } = error as { code?: unknown; constraint_name?: unknown; query?: unknown }
  const message = withoutValues(error.message, code)
  return {
    type: error.constructor.name,
    message,
    stack: error.stack?.replace(error.message, () => message),
    code,
    constraint_name,
    query,
    ...(error.cause === undefined ? {} : { cause: serialized(error.cause) }),
  }
}

/** How everything is logged: no secrets by name, of an error its kind, message, statement and stack, never its values (S-44). */
export const LOG_OPTIONS = {
  redact: {
    paths: [
      ...HIDDEN.flatMap((name) => [name, `*.${name}`]),
      'req.headers.cookie',
      'req.headers.authorization',
      'res.headers["set-cookie"]',
    ],
    censor: '(hidden)',
  },
  serializers: { err: serialized },
} satisfies LoggerOptions

/** Standard error, so that standard output of the command line carries the result only. Secrets never reach it. */
export const log = pino({ ...LOG_OPTIONS, level: config().logLevel }, pino.destination({ dest: 2, sync: true }))
