import type { ErrorRequestHandler, Request, RequestHandler, Response } from 'express'
import type { Context } from './context.ts'

/** Begins what a page will ask, as somebody of whom it is not yet certain that they are still signed in. */
export type Begin = (context: Context) => void

/**
 * Reads who is at the browser and what the town is called, once a request; a page is entered only after it. `begin` is
 * called at once, in the meantime, with whoever was at this browser last.
 */
export async function arrive(res: Response, begin?: Begin): Promise<void> {
  const read = res.locals['arrive'] as ((begin?: Begin) => Promise<void>) | undefined
  await read?.(begin)
}

/** Gives the pages after it `arrive`. */
export const arrival =
  (visit: (req: Request, res: Response, begin?: Begin) => Promise<void>): RequestHandler =>
  (req, res, next) => {
    let once: Promise<void> | undefined
    res.locals['arrive'] = (begin?: Begin) => {
      once ??= visit(req, res, begin)
      return once
    }
    next()
  }

/** Before the page that says what is not there, which shows who is signed in. */
export const arriveFirst: RequestHandler = async (_req, res, next) => {
  await arrive(res)
  next()
}

/** The same before the page of an error, which may have come before anybody was asked for. */
export const arriveOnError: ErrorRequestHandler = (error, _req, res, next) => {
  const on = () => next(error)
  arrive(res).then(on, on)
}
