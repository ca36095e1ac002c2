import { Readable } from 'node:stream'
import express, { type Request, type Response } from 'express'
import { BadRequest } from '../errors.ts'

const FIELDS_MOST = 1000
const UPLOAD_MOST = 20 * 1024 * 1024
const FORM = 'application/x-www-form-urlencoded'

const text = express.text({ type: FORM, limit: '256kb' })

export interface Upload {
  /** As the browser named it: data for the screen, never a path. */
  name: string
  bytes: Buffer
}

/**
 * The fields of a query or a form as a plain list of text, without prototype; a repeated field is an array. Brackets,
 * `__proto__` and the like are refused (S-22).
 */
export function parseFields(encoded: string): Record<string, string | string[]> {
  const fields: Record<string, string | string[]> = Object.create(null)
  let count = 0
  for (const [name, value] of new URLSearchParams(encoded)) {
    count += 1
    if (count > FIELDS_MOST) throw new BadRequest('Too many fields')
    add(fields, name, value)
  }
  return fields
}

function add(fields: Record<string, string | string[]>, name: string, value: string): void {
  if (/[[\]\0]/.test(name) || ['__proto__', 'constructor', 'prototype'].includes(name)) {
    throw new BadRequest('A field has a name that is not allowed')
  }
  if (value.includes('\0')) throw new BadRequest('A field holds a character that is not allowed')
  const before = fields[name]
  fields[name] = before === undefined ? value : [before, value].flat()
}

/** Lists are refused where the route did not say that a field may repeat. */
export function refuseRepeats(fields: object, repeats: readonly string[] | true = []): void {
  if (repeats === true) return
  for (const [name, value] of Object.entries(fields)) {
    if (Array.isArray(value) && !repeats.includes(name)) throw new BadRequest(`${name} was sent more than once`)
  }
}

/** Reads the fields of a POST into `req.body`; with `upload`, files too (see `upload`). */
export async function readForm(req: Request, res: Response, uploads: boolean): Promise<void> {
  if (uploads && req.is('multipart/form-data')) return readMultipart(req, res)
  const sent = Number(req.get('content-length') ?? 0) > 0 || req.get('transfer-encoding') !== undefined
  if (sent && !req.is(FORM)) throw new BadRequest('This form cannot be read')
  await new Promise<void>((done, fail) => text(req, res, (error?: unknown) => (error ? fail(error as Error) : done())))
  req.body = parseFields(typeof req.body === 'string' ? req.body : '')
}

async function readMultipart(req: Request, res: Response): Promise<void> {
  const form = await multipart(req)
  const fields: Record<string, string | string[]> = Object.create(null)
  const files = new Map<string, Upload>()
  for (const [name, value] of form) {
    if (typeof value === 'string') add(fields, name, value)
    else if (value.size > 0) files.set(name, { name: value.name, bytes: Buffer.from(await value.arrayBuffer()) })
  }
  req.body = fields
  res.locals.uploads = files
}

/** The platform's own parser; the body is counted while it is read, whatever its header says. */
async function multipart(req: Request) {
  let read = 0
  const counted = Readable.from(
    (async function* () {
      for await (const chunk of req) {
        read += (chunk as Buffer).length
        if (read > UPLOAD_MOST) throw new BadRequest('The file is larger than 20 MB')
        yield chunk as Buffer
      }
    })(),
  )
  try {
    const body = Readable.toWeb(counted) as ReadableStream<Uint8Array>
    const headers = { 'content-type': req.get('content-type') ?? '' }
    return await new globalThis.Request('http://form.invalid/', {
      method: 'POST',
      headers,
      body,
      duplex: 'half',
    } as RequestInit).formData()
  } catch (error) {
    if (read > UPLOAD_MOST) throw new BadRequest('The file is larger than 20 MB')
    throw new BadRequest(`The upload cannot be read${error instanceof BadRequest ? `: ${error.message}` : ''}`)
  }
}

/** The file of one input of a route declared with `upload`; undefined when none was chosen. */
export function upload(res: Response, name: string): Upload | undefined {
  return (res.locals.uploads as Map<string, Upload> | undefined)?.get(name)
}
