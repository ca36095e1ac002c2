import { describe, expect, it } from 'vitest'
import { contactName, isLocked, noticesOffered, noticesRefusal, primaryOf } from './rules.ts'

const one = (key: string, more: object = {}) => ({ key, was: false, ticked: false, removed: false, ...more })

describe('the primary one', () => {
  it.each([
    ['a single one', [one('x1')], 'x1'],
    ['the first where nothing says more', [one('x1'), one('x2')], 'x1'],
    ['the one that was it', [one('a1'), one('a2', { was: true })], 'a2'],
    ['the one that is ticked instead', [one('a1', { was: true, ticked: true }), one('a2', { ticked: true })], 'a2'],
    ['the next one where it is deleted', [one('a1', { was: true, removed: true }), one('a2')], 'a2'],
    ['none where none is left', [one('a1', { was: true, removed: true })], undefined],
  ])('001-268 001-272 001-274 001-279: %s', (_title, all, key) => {
    expect(primaryOf(all)).toEqual({ ok: true, value: key })
  })

  it('refuses two that are ticked', () => {
    expect(primaryOf([one('a1', { ticked: true }), one('a2', { ticked: true })])).toMatchObject({
      refusal: 'two_primary',
    })
  })

  it('001-271 001-277 001-282: is locked on the only one and on the primary one', () => {
    const [was, further] = [one('a1', { was: true }), one('a2')]
    expect(isLocked(was, [was, further])).toBe(true)
    expect(isLocked(further, [was, further])).toBe(false)
    expect(isLocked(further, [further])).toBe(true)
    expect(isLocked(further, [one('a1', { removed: true }), further])).toBe(true)
  })
})

describe('notices', () => {
  it.each([
    [{ address: 0, email: 0 }, ['none']],
    [{ address: 1, email: 0 }, ['mail', 'none']],
    [{ address: 0, email: 2 }, ['email', 'none']],
    [{ address: 1, email: 1 }, ['mail', 'email', 'none']],
  ])('001-263: with %j', (has, offered) => {
    expect(noticesOffered(has)).toEqual(offered)
  })

  it('001-263: Mail needs an address, Email an e-mail address', () => {
    expect(noticesRefusal('mail', { address: 0, email: 1 })).toMatchObject({ refusal: 'no_address' })
    expect(noticesRefusal('email', { address: 1, email: 0 })).toMatchObject({ refusal: 'no_email' })
    expect(noticesRefusal('none', { address: 0, email: 0 }).ok).toBe(true)
  })
})

it('makes a name of its parts', () => {
  expect(contactName({ firstName: 'Ida', middleName: '', lastName: 'Lund', suffix: 'Jr.' })).toBe('Ida Lund Jr.')
  expect(contactName({})).toBe('')
})
