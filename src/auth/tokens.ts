import { createHash, randomBytes } from 'node:crypto'
import { and, desc, eq, isNull, sql } from 'drizzle-orm'
import type { Request, RequestHandler } from 'express'
import type { Db } from '../db/db.ts'
import { apiToken, appUser } from '../db/tables/auth.ts'
import { NotFound } from '../errors.ts'
import type { Context } from '../web/context.ts'
import type { Deps } from '../web/deps.ts'
import { isRole, type Role } from './permissions.ts'

export const hashToken = (token: string): string => createHash('sha256').update(token).digest('hex')

/** A new secret of 256 bits, as it is shown once. */
export const newToken = (): string => randomBytes(32).toString('base64url')

/** Makes an API token for a user, by name; the token itself is only in the answer. Refuses unknown and disabled users. */
export async function addToken(db: Db, userName: string, label: string, by = 0): Promise<string> {
  const [user] = await db
    .select()
    .from(appUser)
    .where(and(eq(appUser.name, userName), isNull(appUser.disabledAt)))
  if (!user || user.id === 0) throw new NotFound('user')
  return addTokenFor(db, user.id, label, by)
}

export async function addTokenFor(db: Db, userId: number, label: string, by: number): Promise<string> {
  const token = `cw_${newToken()}`
  await db.insert(apiToken).values({ userId, name: label, tokenHash: hashToken(token), changedBy: by })
  return token
}

/** A user's tokens in force, newest first; never the token itself. */
export function listTokens(db: Db, userId: number) {
  const { id, name, createdAt, lastUsedAt } = apiToken
  const inForce = and(eq(apiToken.userId, userId), isNull(apiToken.revokedAt))
  return db.select({ id, name, createdAt, lastUsedAt }).from(apiToken).where(inForce).orderBy(desc(createdAt))
}

/** Ends a token at once; 404 when the user has no such token in force. */
export async function revokeToken(db: Db, userId: number, id: number, by: number): Promise<void> {
  const own = and(eq(apiToken.id, id), eq(apiToken.userId, userId), isNull(apiToken.revokedAt))
  const ended = { revokedAt: sql`now()`, changedBy: by, version: sql`${apiToken.version} + 1` }
  const gone = await db.update(apiToken).set(ended).where(own).returning({ id: apiToken.id })
  if (gone.length === 0) throw new NotFound('token')
}

/** Who a token speaks for; undefined when it is unknown or revoked, or its user is disabled. */
export async function findBearer(db: Db, token: string): Promise<{ id: number; name: string; role: Role } | undefined> {
  const [found] = await db
    .select({ token: apiToken.id, used: apiToken.lastUsedAt, id: appUser.id, name: appUser.name, role: appUser.role })
    .from(apiToken)
    .innerJoin(appUser, eq(appUser.id, apiToken.userId))
    .where(and(eq(apiToken.tokenHash, hashToken(token)), isNull(apiToken.revokedAt), isNull(appUser.disabledAt)))
  if (!found || !isRole(found.role)) return undefined
  await noteUse(db, found.token, found.used)
  return { id: found.id, name: found.name, role: found.role }
}

async function noteUse(db: Db, id: number, used: Date | null): Promise<void> {
  if (used && Date.now() - used.getTime() < 3_600_000) return
  await db.update(apiToken).set({ lastUsedAt: sql`now()` }).where(eq(apiToken.id, id))
}

type MakeContext = (deps: Deps, req: Request, user: { id: number; name: string; role: Role }) => Context

/** The bearer of a token becomes the request's actor. Cookies mean nothing here, so forms of other sites do neither. */
export function bearer(deps: Deps, contextOf: MakeContext): RequestHandler {
  return async (req, res, next) => {
    const [, token] = /^Bearer ([\w-]{20,100})$/.exec(req.get('Authorization') ?? '') ?? []
    const user = token ? await findBearer(deps.databases.app, token) : undefined
    if (user) {
      const context = contextOf(deps, req, user)
      if (context.may('api.use')) res.locals.context = context
    }
    next()
  }
}
