import { pino } from 'pino'
import { config } from './config.ts'

/** Standard error, so that standard output of the command line carries the result only. Secrets never reach it. */
export const log = pino(
  {
    level: config().logLevel,
    redact: {
      paths: ['req.headers.cookie', 'req.headers.authorization', 'res.headers["set-cookie"]', '*.password', '*.token'],
      censor: '(hidden)',
    },
  },
  pino.destination({ dest: 2, sync: true }),
)
