// Protected fields at rest: AES-256-GCM, one random iv a value, bound to the record and the field that it stands in.
import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from 'node:crypto'

export interface FieldKeys {
  /** Id of the key that new values are sealed with. */
  current: string
  /** 32 bytes each, by id. */
  keys: ReadonlyMap<string, Buffer>
  /** 32 bytes from which the keys of the blind indexes come; it outlives a change of `current`. */
  index: Buffer
}

/** Where a protected value stands: `customer:1042:ssn`. */
export type Place = string & { readonly place: unique symbol }

/** A value that no key here opens, or that was altered or moved to another record: never answered with garbage. */
export class Unreadable extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'Unreadable'
  }
}

const VERSION = 'v1'
const CIPHER = 'aes-256-gcm'
const IV_BYTES = 12
const TAG_BYTES = 16
const SEALED = /^v1\|[0-9a-f]{8}\|[\w-]{16}\|[\w-]*\|[\w-]{22}$/

/**
 * The place of a protected field: kind of record, the record's OWN number (1042, not the id of its row), field. So it
 * survives export, import and restore wherever the key file is (product.md 4).
 */
export const placeOf = (kind: string, owner: string, field: string): Place =>
  [kind, owner, field].map(encodeURIComponent).join(':') as Place

/** What a key is called: eight hex digits that the key itself determines, so a wrong key under a right name is impossible. */
export const keyId = (key: Buffer): string =>
  createHmac('sha256', key).update('clerkwell key id').digest('hex').slice(0, 8)

const text = (bytes: Buffer): string => bytes.toString('base64url')
const bytes = (part: string): Buffer => Buffer.from(part, 'base64url')

/** Seals a value for its place: `v1|keyId|iv|ciphertext|tag`. The same value twice gives different bytes (S-41). */
export function sealField(keys: FieldKeys, place: Place, plain: string): string {
  const key = keys.keys.get(keys.current)
  if (!key) throw new Unreadable(`the current key ${keys.current} is missing`)
  const iv = randomBytes(IV_BYTES)
  const cipher = createCipheriv(CIPHER, key, iv, { authTagLength: TAG_BYTES }).setAAD(Buffer.from(place))
  const sealed = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final()])
  return [VERSION, keys.current, text(iv), text(sealed), text(cipher.getAuthTag())].join('|')
}

/** The value of a sealed field. Throws Unreadable for another place, an altered byte or a key that is not here. */
export function openField(keys: FieldKeys, place: Place, sealed: string): string {
  if (!isSealed(sealed)) throw new Unreadable('this is not a sealed value')
  const [, id = '', iv = '', content = '', tag = ''] = sealed.split('|')
  const key = keys.keys.get(id)
  if (!key) throw new Unreadable(`the key ${id} is not in the key file`)
  const cipher = createDecipheriv(CIPHER, key, bytes(iv), { authTagLength: TAG_BYTES })
  cipher.setAAD(Buffer.from(place)).setAuthTag(bytes(tag))
  try {
    return Buffer.concat([cipher.update(bytes(content)), cipher.final()]).toString('utf8')
  } catch {
    throw new Unreadable('the value was altered, or it belongs to another record')
  }
}

/** Seals a value anew with today's key, for another place when its owner got another number. */
export const moveSealed = (keys: FieldKeys, from: Place, to: Place, sealed: string): string =>
  sealField(keys, to, openField(keys, from, sealed))

/** Whether a text has the form of a sealed value; says nothing about whether it can be opened. */
export const isSealed = (value: string): boolean => SEALED.test(value)

/**
 * What an exact search compares: 64 hex digits, of the letters and digits alone and without case, by a key of the column's
 * own, so that equal values of two columns do not look equal.
 */
export function blindIndex(keys: FieldKeys, column: string, plain: string): string {
  const key = Buffer.from(hkdfSync('sha256', keys.index, Buffer.alloc(0), `clerkwell blind index ${column}`, 32))
  const compared = plain
    .normalize('NFKC')
    .toUpperCase()
    .replace(/[^\p{L}\p{N}]/gu, '')
  return createHmac('sha256', key).update(compared).digest('hex')
}
