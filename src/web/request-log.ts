import { randomBytes } from 'node:crypto'
import type { RequestHandler } from 'express'
import type { Logger } from 'pino'

declare module 'node:http' {
  interface IncomingMessage {
    /** Names the request in the log and on the page of an unforeseen error. */
    id: string
  }
}

/** One line a request: method, path without its query, status, time. Never a body, a cookie or a token (S-44). */
export function requestLog(log: Logger): RequestHandler {
  const nextId = ids()
  return (req, res, next) => {
    req.id = nextId()
    const from = performance.now()
    const { method, originalUrl } = req
    res.once('close', () => {
      const level = res.statusCode >= 500 ? 'warn' : 'debug'
      if (!log.isLevelEnabled(level)) return
      const line = {
        req: { id: req.id, method, path: originalUrl.split('?')[0] },
        res: { status: res.statusCode },
        responseTime: Math.round(performance.now() - from),
      }
      log[level](line, res.writableFinished ? 'request completed' : 'request aborted')
    })
    next()
  }
}

/** Twelve hexadecimal digits: half tell the process from others, half count; to draw each would cost more than a page's checks. */
function ids(): () => string {
  const process = randomBytes(3).toString('hex')
  let count = 0
  return () => {
    count = (count + 1) % 0x1000000
    return process + count.toString(16).padStart(6, '0')
  }
}
