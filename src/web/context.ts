import type { Request, Response } from 'express'
import type { Permission, Role } from '../auth/permissions.ts'
import type { Db } from '../db/db.ts'
import type { Day } from '../ledger/calendar.ts'

/** Who is acting. */
export interface Actor {
  id: number
  name: string
  role: Role
  /** Private accounts exist for this person. */
  seesPrivate: boolean
}

/** What a handler needs to know of its request. */
export interface Context {
  /** Rows this person may see, and no others. */
  db: Db
  actor: Actor
  today: Day
  /** Where the request came from, for the audit trail. */
  address: string
  may(permission: Permission): boolean
}

/** The context of a signed-in request; a route open to anyone has none, and asking for it is a fault. */
export function context(res: Response): Context {
  const found = res.locals.context as Context | undefined
  if (!found) throw new Error('This route is open to anyone and has no context')
  return found
}

/** Where a request comes from, one way of writing for each address: it is a throttle's key too. */
export const ipOf = (req: Request): string => (req.ip ?? '').replace(/^::ffff:/, '')
