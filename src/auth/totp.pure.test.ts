import { generateSync } from 'otplib'
import { describe, expect, it } from 'vitest'
import { inGroups, newRecoveryCodes, newSeed, qrImage, recoveryHash, seedAddress, stepAt, stepOfCode } from './totp.ts'

const NOW = 1_772_000_010
const seed = newSeed()
const codeAt = (seconds: number, of = seed) => generateSync({ secret: of, epoch: seconds })

describe('S-6: the code of an app', () => {
  it('is that of RFC 6238 (appendix B, SHA-1, last six digits)', () => {
    // base 32 of the ASCII text 12345678901234567890
    const rfc = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ'
    const table: [number, string][] = [
      [59, '287082'],
      [1_111_111_109, '081804'],
      [1_111_111_111, '050471'],
      [1_234_567_890, '005924'],
      [2_000_000_000, '279037'],
    ]
    for (const [seconds, code] of table) expect(stepOfCode(rfc, code, 0, seconds)).toBe(stepAt(seconds))
  })
  it('counts in its step, the one before and the one after', () => {
    for (const off of [-30, 0, 30]) expect(stepOfCode(seed, codeAt(NOW + off), 0, NOW)).toBe(stepAt(NOW + off))
    for (const off of [-90, -60, 60, 90]) expect(stepOfCode(seed, codeAt(NOW + off), 0, NOW)).toBeUndefined()
  })
  it('works once: not again in its step, nor an earlier one after it', () => {
    const step = stepAt(NOW)
    expect(stepOfCode(seed, codeAt(NOW), step, NOW)).toBeUndefined()
    expect(stepOfCode(seed, codeAt(NOW - 30), step, NOW)).toBeUndefined()
    expect(stepOfCode(seed, codeAt(NOW + 30), step, NOW)).toBe(step + 1)
  })
  it.each(['', '12345', '1234567', 'abcdef', '１２３４５６', ' 123456'])('%j is no code', (typed) =>
    expect(stepOfCode(seed, typed, 0, NOW)).toBeUndefined(),
  )
  it('of another seed does not count', () => {
    expect(stepOfCode(newSeed(), codeAt(NOW), 0, NOW)).toBeUndefined()
  })
})

describe('what is shown of a seed', () => {
  it('160 bits in base 32, in groups of four', () => {
    expect(seed).toMatch(/^[A-Z2-7]{32}$/)
    expect(inGroups(seed).replaceAll(' ', '')).toBe(seed)
    expect(inGroups(seed)).toHaveLength(39)
  })
  it('an address that apps take up', () => {
    const url = new URL(seedAddress('Clerkwell Mill: brook', 'ann', seed))
    expect([url.protocol, url.host]).toEqual(['otpauth:', 'totp'])
    expect(decodeURIComponent(url.pathname)).toBe('/Clerkwell Mill  brook:ann')
    expect(url.searchParams.get('secret')).toBe(seed)
  })
  it('a picture without style or script', async () => {
    const svg = await qrImage(seedAddress('Clerkwell', 'ann', seed))
    expect(svg).toMatch(/^<svg viewBox="0 0 \d+ \d+" xmlns="http:\/\/www.w3.org\/2000\/svg">/)
    expect(svg).not.toMatch(/style|script|href|on\w+=/)
    expect(svg).not.toContain(seed)
  })
})

describe('recovery codes', () => {
  it('ten, all different, easy to read', () => {
    const codes = newRecoveryCodes()
    expect(new Set(codes).size).toBe(10)
    for (const code of codes) expect(code).toMatch(/^[a-hjkmnp-tv-z2-9]{4}(-[a-hjkmnp-tv-z2-9]{4}){3}$/)
  })
  it('are compared however they are typed, and kept as a hash', () => {
    const [code = ''] = newRecoveryCodes()
    expect(recoveryHash(code.toUpperCase().replaceAll('-', ' '))).toBe(recoveryHash(code))
    expect(recoveryHash(code)).toMatch(/^[0-9a-f]{64}$/)
  })
})
