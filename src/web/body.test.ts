import { describe, expect, it } from 'vitest'
import { BadRequest } from '../errors.ts'
import { parseFields, refuseRepeats } from './body.ts'

describe('S-22: fields', () => {
  it('reads a form as plain text, without prototype', () => {
    const fields = parseFields('a=1&b=x+y%26&c=')
    expect(Object.getPrototypeOf(fields)).toBeNull()
    expect({ ...fields }).toEqual({ a: '1', b: 'x y&', c: '' })
  })
  it.each(['a[]=1', 'a[b]=1', '__proto__=1', 'constructor=1', 'prototype=1', 'a%5B%5D=1', 'a=%00', 'a%00=1'])(
    'refuses %s',
    (encoded) => {
      expect(() => parseFields(encoded)).toThrow(BadRequest)
    },
  )
  it('refuses more than a thousand fields', () => {
    expect(() => parseFields('a=1&'.repeat(1001))).toThrow(BadRequest)
  })
  it('refuses a field sent twice unless the route says that it may repeat', () => {
    const fields = parseFields('a=1&a=2')
    expect(() => refuseRepeats(fields)).toThrow(BadRequest)
    expect(() => refuseRepeats(fields, ['a'])).not.toThrow()
    expect(() => refuseRepeats(fields, true)).not.toThrow()
  })
  it('reads 100 kB in a blink', () => {
    const started = performance.now()
    parseFields(`a=${'%41'.repeat(80_000)}`)
    expect(performance.now() - started).toBeLessThan(200)
  })
})
