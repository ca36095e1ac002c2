import type { ErrorRequestHandler, Request, RequestHandler, Response } from 'express'
import type { Question } from '../db/db.ts'
import type { Context } from './context.ts'

/** What a page asks, as somebody of whom it is not yet certain that they are still signed in. */
export type Along = (context: Context) => Question | undefined

type Arrive = (along?: Along) => Promise<object | undefined>

/**
 * Reads who is at the browser and what the town is called, once a request; a page is entered only after it. With it is
 * asked what `along` gives for whoever was at this browser last, and that answer is what it gives.
 */
export async function arrive(res: Response, along?: Along): Promise<object | undefined> {
  const read = res.locals.arrive as Arrive | undefined
  return read?.(along)
}

/** Gives the pages after it `arrive`. */
export const arrival =
  (visit: (req: Request, res: Response, along?: Along) => Promise<object | undefined>): RequestHandler =>
  (req, res, next) => {
    let once: Promise<object | undefined> | undefined
    const read: Arrive = (along) => {
      once ??= visit(req, res, along)
      return once
    }
    res.locals.arrive = read
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
