import type { Request, Response } from 'express'
import { z } from 'zod'
import { BadRequest, Refused } from '../errors.ts'
import { type Context, context } from '../web/context.ts'
import type { Deps } from '../web/deps.ts'
import { refusedInput } from '../web/refused.ts'
import { type Feature, type Need, param } from '../web/routes.ts'
import { answeredOnce } from './once.ts'

/** What a call answers: JSON, or the bytes of a file. */
export type Answer = { status: number; body: unknown } | { file: { name: string; mediaType: string; content: Buffer } }

export const ok = (body: unknown): Answer => ({ status: 200, body })
export const created = (body: unknown): Answer => ({ status: 201, body })
export const accepted = (body: unknown): Answer => ({ status: 202, body })

/** What a call has in hand: who asks, on which rows, with what. */
export interface Given<Query, Body> extends Context {
  params: Record<string, string>
  query: Query
  body: Body
  /** The Idempotency-Key, where one came. */
  key: string | undefined
  deps: Deps
}

/** One call of the JSON API, declared once: it gives the route, the checks of what is sent and its OpenAPI entry. */
export interface Call<Query = unknown, Body = unknown> {
  method: 'get' | 'post' | 'put' | 'delete'
  /** Behind `/api/v1`, as OpenAPI writes it: `/accounts/{number}`. */
  path: string
  need: Need
  summary: string
  query?: z.ZodType<Query>
  body?: z.ZodType<Body>
  /** Status → what is answered; null = bytes. */
  answers: Record<number, z.ZodType | null>
  /**
   * Who keeps the Idempotency-Key of a writing call: `posting` = the statement that posts the money, so key and money
   * stand or fall together; `call` = the call itself, around work that moves no money or cannot move it twice.
   */
  key?: 'posting' | 'call'
  /** Fields that the rules refuse by another name than they are sent by: the rules' name → the one sent. */
  names?: Record<string, string>
  handle(given: Given<Query, Body>): Promise<Answer>
}

/** Keeps the types of a call together while it is declared. */
export const call = <Query, Body>(declared: Call<Query, Body>): Call => declared as unknown as Call

export const BASE = '/api/v1'

export const nameOf = (path: string): string[] => [...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name)

/** Adds the route of a call to the feature. */
export function addCall(feature: Feature, deps: Deps, declared: Call): Feature {
  const path = BASE + declared.path.replace(/\{(\w+)\}/g, ':$1')
  return feature[declared.method](path, declared.need, async (req, res) =>
    send(res, await answer(declared, deps, req, res)),
  )
}

async function answer(declared: Call, deps: Deps, req: Request, res: Response): Promise<Answer> {
  const who = context(res)
  const params = Object.fromEntries(nameOf(declared.path).map((name) => [name, param(req, name)]))
  const query = read(declared.query ?? NOTHING, { ...req.query })
  const body = declared.body ? read(declared.body, objectOf(req.body)) : undefined
  const key = declared.key ? keyOf(req) : undefined
  const work = () =>
    declared.handle({ ...who, params, query, body, key, deps }).catch((error: unknown) => {
      throw asSent(error, declared.names)
    })
  if (key === undefined || declared.key !== 'call') return work()
  return answeredOnce(who.db, { actor: who.actor.id, path: req.path.slice(BASE.length), key, body }, work)
}

/** A refusal by the names of the fields as they are sent; what is refused as a whole stands in `detail` alone. */
export function asSent(error: unknown, names: Record<string, string> = {}): unknown {
  if (!(error instanceof Refused) || typeof error.detail !== 'object' || error.detail === null) return error
  const fields = Object.entries(error.detail as Record<string, unknown>).filter(([name]) => name !== '')
  const errors = Object.fromEntries(fields.map(([name, sentence]) => [names[name] ?? name, sentence]))
  return new Refused(error.code, error.message, fields.length > 0 ? errors : undefined)
}

const NOTHING = z.strictObject({})

function objectOf(body: unknown): object {
  if (typeof body === 'object' && body !== null && !Array.isArray(body)) return body
  throw new BadRequest('Send a JSON object with Content-Type: application/json')
}

const KEY = /^[\x21-\x7e]{1,255}$/

function keyOf(req: Request): string | undefined {
  const key = req.get('Idempotency-Key')
  if (key === undefined || KEY.test(key)) return key
  throw new BadRequest('An Idempotency-Key has 1 to 255 characters without blanks')
}

/** What was sent by its schema; unknown fields and values that do not fit are refused with a sentence by field. */
function read<T>(schema: z.ZodType<T>, sent: object): T {
  const parsed = schema.safeParse(sent)
  if (parsed.success) return parsed.data
  const errors: Record<string, string> = {}
  for (const issue of parsed.error.issues) for (const [field, sentence] of said(issue)) errors[field] ??= sentence
  throw refusedInput(errors)
}

function said(issue: z.core.$ZodIssue): [string, string][] {
  const at = issue.path.join('.')
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => [at ? `${at}.${key}` : key, 'There is no such field.'])
  }
  return [[at || 'body', issue.message.endsWith('received undefined') ? 'This is missing.' : issue.message]]
}

function send(res: Response, answered: Answer): void {
  if ('file' in answered) {
    const { name, mediaType, content } = answered.file
    res.attachment(name).type(mediaType).send(content)
    return
  }
  res.status(answered.status).json(answered.body)
}
