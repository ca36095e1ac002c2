import { describe, expect, it } from 'vitest'
import { acceptsChecks, mayPayBy, nameAfter, nameOf, noticesRefusal, statementWays } from './rules.ts'

const dale = { kind: 'individual', firstName: 'Dale', middleName: 'R.', lastName: 'Whitcomb' }

describe('001-065 001-067: the name on bills', () => {
  it('is made of the parts of an individual, or is the business name', () => {
    expect(nameOf({ ...dale, suffix: 'Jr.', businessName: 'Not shown' })).toBe('Dale R. Whitcomb Jr.')
    expect(nameOf({ kind: 'profit', firstName: 'Dale', businessName: 'Harlow Rentals LLC' })).toBe('Harlow Rentals LLC')
    expect(nameOf({ kind: 'government' })).toBe('')
  })

  it('follows the parts until somebody types another one', () => {
    const before = { ...dale, name: 'Dale R. Whitcomb' }
    expect(nameAfter(before, { ...before, firstName: 'Dan' })).toBe('Dan R. Whitcomb')
    expect(nameAfter(before, { ...before, firstName: 'Dan', name: 'Whitcomb, Dan' })).toBe('Whitcomb, Dan')
    const own = { ...dale, name: 'Whitcomb, Dale R. and Marjorie' }
    expect(nameAfter(own, { ...own, firstName: 'Dan' })).toBe('Whitcomb, Dale R. and Marjorie')
    expect(nameAfter(own, { ...own, name: '' })).toBe('Dale R. Whitcomb')
  })

  it('of somebody whose parts were never entered stays', () => {
    const imported = { kind: 'individual', name: 'Mary Holt' }
    expect(nameAfter(imported, imported)).toBe('Mary Holt')
    expect(nameAfter(undefined, { kind: 'individual', name: '' })).toBe('')
    const emptied = { ...dale, name: 'Dale R. Whitcomb' }
    expect(nameAfter(emptied, { kind: 'individual', name: 'Dale R. Whitcomb' })).toBe('Dale R. Whitcomb')
  })
})

describe('001-116 001-117 001-118 001-119: notices', () => {
  it('by e-mail need an e-mail address', () => {
    expect(noticesRefusal({ email: '', emailNotices: true })).toMatchObject({ refusal: 'no_email' })
    expect(noticesRefusal({ email: null, emailNotices: false }).ok).toBe(true)
    expect(noticesRefusal({ email: 'a@example.com', emailNotices: true }).ok).toBe(true)
  })
  it('go both ways where both are ticked', () => {
    expect(statementWays({ mailNotices: true, emailNotices: true, email: 'a@example.com' })).toEqual({
      mail: true,
      email: true,
    })
    expect(statementWays({ mailNotices: false, emailNotices: true, email: null })).toEqual({
      mail: false,
      email: false,
    })
  })
})

describe('001-084 001-086: who may pay by what', () => {
  const customer = { doNotAcceptPayments: false, disallowedPayMethods: ['check'] }
  it('refuses every method, or single ones', () => {
    expect(mayPayBy(customer, { code: 'cash' }).ok).toBe(true)
    expect(mayPayBy(customer, { code: 'check' })).toMatchObject({
      refusal: 'method_disallowed',
      detail: { method: 'check' },
    })
    expect(mayPayBy({ ...customer, doNotAcceptPayments: true }, { code: 'cash' })).toMatchObject({
      refusal: 'no_payments',
    })
  })
})

describe('001-093: Accept Checks', () => {
  const facts = { returned: 1, after: 2, doNotAcceptPayments: false, checkMethods: ['check'], disallowedPayMethods: [] }
  it.each([
    [{}, true],
    [{ returned: 2 }, false],
    [{ returned: 9, after: 0 }, true],
    [{ disallowedPayMethods: ['check'] }, false],
    [{ disallowedPayMethods: ['check'], checkMethods: ['check', 'echeck'] }, true],
    [{ doNotAcceptPayments: true }, false],
    [{ checkMethods: [] }, false],
  ])('%o: %s', (other, takes) => expect(acceptsChecks({ ...facts, ...other })).toBe(takes))
})
