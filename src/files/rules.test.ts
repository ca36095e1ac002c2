import { describe, expect, it } from 'vitest'
import { plainName, typeOf } from './rules.ts'

describe('files that are kept', () => {
  it.each([
    ['Lease.PDF', 'application/pdf'],
    ['photo.jpeg', 'image/jpeg'],
    ['page.html', undefined],
    ['drawing.svg', undefined],
    ['run.exe', undefined],
    ['noending', undefined],
    ['a.constructor', undefined],
  ])('%s is served as %s', (name, type) => expect(typeOf(name)).toBe(type))

  it.each([
    ['C:\\scans\\lease.pdf', 'lease.pdf'],
    ['../../etc/passwd.txt', 'passwd.txt'],
    ['a"b\r\n.pdf', 'a_b__.pdf'],
    [`${'x'.repeat(300)}.pdf`, `${'x'.repeat(116)}.pdf`],
  ])('%s is shown as %s', (name, shown) => expect(plainName(name)).toBe(shown))
})
