import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { newKeys, withNewKey } from './key-file.ts'
import { blindIndex, isSealed, keyId, moveSealed, openField, placeOf, sealField, Unreadable } from './seal.ts'

const keys = newKeys()
const place = placeOf('customer', '1042', 'ssn')
const SSN = '123-45-6789'

describe('S-41: sealed fields', () => {
  it('are v1, the key, a 96-bit iv, the ciphertext and the tag, and open again', () => {
    const sealed = sealField(keys, place, SSN)
    expect(sealed).toMatch(/^v1\|[0-9a-f]{8}\|[\w-]{16}\|[\w-]{15}\|[\w-]{22}$/)
    expect(sealed.split('|')[1]).toBe(keys.current)
    expect(openField(keys, place, sealed)).toBe(SSN)
  })
  it('any text comes back as it was', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 200 }), fc.string({ maxLength: 20 }), (plain, owner) => {
        const there = placeOf('customer', owner, 'ssn')
        const sealed = sealField(keys, there, plain)
        return isSealed(sealed) && openField(keys, there, sealed) === plain
      }),
    )
  })
  it('the same number twice gives different bytes', () => {
    const made = Array.from({ length: 100 }, () => sealField(keys, place, SSN))
    expect(new Set(made).size).toBe(100)
    expect(new Set(made.map((sealed) => sealed.split('|')[2])).size).toBe(100)
  })
  it('are refused in another row, another column, another table', () => {
    const sealed = sealField(keys, place, SSN)
    for (const other of [
      placeOf('customer', '1043', 'ssn'),
      placeOf('customer', '1042', 'licence'),
      placeOf('contact', '1042', 'ssn'),
    ])
      expect(() => openField(keys, other, sealed)).toThrow(Unreadable)
  })
  it('a number with a colon in it is no other place', () => {
    expect(placeOf('customer', '1042', 'ssn')).toBe('customer:1042:ssn')
    expect(placeOf('a', 'b:c', 'd')).not.toBe(placeOf('a', 'b', 'c:d'))
  })
  it('one bit turned anywhere is an error, never garbage', () => {
    const sealed = sealField(keys, place, SSN)
    const parts = sealed.split('|')
    for (const at of [2, 3, 4]) {
      const bytes = Buffer.from(parts[at] ?? '', 'base64url')
      for (let bit = 0; bit < bytes.length * 8; bit += 1) {
        const turned = Buffer.from(bytes)
        turned[bit >> 3] = (turned[bit >> 3] ?? 0) ^ (1 << (bit & 7))
        const altered = parts.with(at, turned.toString('base64url')).join('|')
        expect(() => openField(keys, place, altered)).toThrow(Unreadable)
      }
    }
  })
  it.each(['', 'plain', 'v2|00000000|a|b|c', 'v1|x|y', `v1|${'0'.repeat(8)}|${'A'.repeat(16)}||${'A'.repeat(22)}`])(
    'refuses %j',
    (text) => expect(() => openField(keys, place, text)).toThrow(Unreadable),
  )
  it('a key that is not here is named, not its value', () => {
    const sealed = sealField(newKeys(), place, SSN)
    expect(() => openField(keys, place, sealed)).toThrow(/the key [0-9a-f]{8} is not in the key file/)
  })
})

describe('S-42: another key', () => {
  it('seals from now on; what the old one sealed still opens', () => {
    const before = sealField(keys, place, SSN)
    const both = withNewKey(keys)
    expect(both.current).not.toBe(keys.current)
    expect(openField(both, place, before)).toBe(SSN)
    expect(sealField(both, place, SSN).split('|')[1]).toBe(both.current)
  })
  it('a value moves with its owner to another number', () => {
    const there = placeOf('customer', '2000', 'ssn')
    const moved = moveSealed(keys, place, there, sealField(keys, place, SSN))
    expect(openField(keys, there, moved)).toBe(SSN)
    expect(() => openField(keys, place, moved)).toThrow(Unreadable)
  })
  it('is called by what it is', () => {
    for (const [id, key] of keys.keys) expect(keyId(key)).toBe(id)
  })
})

describe('a blind index', () => {
  it('finds a value however it is written, and only in its own column', () => {
    const index = blindIndex(keys, 'customer.ssn', SSN)
    expect(index).toMatch(/^[0-9a-f]{64}$/)
    expect(blindIndex(keys, 'customer.ssn', ' 123 45 6789')).toBe(index)
    expect(blindIndex(keys, 'customer.ssn', '123-45-6780')).not.toBe(index)
    expect(blindIndex(keys, 'contact.ssn', SSN)).not.toBe(index)
    expect(blindIndex(newKeys(), 'customer.ssn', SSN)).not.toBe(index)
  })
  it('stays the same when the key that seals changes', () => {
    expect(blindIndex(withNewKey(keys), 'customer.ssn', SSN)).toBe(blindIndex(keys, 'customer.ssn', SSN))
  })
})
