import { describe, expect, it } from 'vitest'
import { LIKELY, likelyOnes, likeness, normalAddress, normalName, normalPhone } from './rules.ts'

describe('what is compared', () => {
  it.each([
    ['WHITCOMB, DALE R.', 'dale whitcomb'],
    ['Mr. Dale R Whitcomb Jr', 'dale whitcomb'],
    ['Łukasz Øvergård', 'lukasz overgard'],
    ["O'Brien, Zoë", 'obrien zoe'],
    ['Harlow Rentals, LLC', 'harlow rentals'],
    ['The Harlow Rentals Company', 'harlow rentals'],
    ['J. R.', 'j r'],
    ['', ''],
  ])('a name: %s', (name, normal) => {
    expect(normalName(name)).toBe(normal)
  })

  it.each([
    ['(208) 555-0142', '2085550142'],
    ['+1 208 555 0142', '2085550142'],
    ['0142', ''],
    [null, ''],
  ])('a phone number: %s', (phone, normal) => {
    expect(normalPhone(phone)).toBe(normal)
  })

  it('an address', () => {
    expect(normalAddress('12 N. Canal St.')).toBe('12 north canal street')
    expect(normalAddress('12 North Canal Street')).toBe('12 north canal street')
  })
})

describe('likeness', () => {
  const dale = {
    name: 'Dale Whitcomb',
    phone: '208-555-0142',
    email: 'Dale@example.org',
    addressLine1: '9 Palm Ave',
    zip: '83000',
  }
  it.each([
    ['same name in another order', { name: 'WHITCOMB, DALE R.' }, 50, ['same name']],
    ['another spelling', { name: 'Dale Whitcom' }, 30, ['nearly the same name']],
    ['another spelling and the phone', { name: 'Dale Witcomb', phone: '5550142 208' }, 30, ['nearly the same name']],
    ['phone alone', { name: 'Ann Birch', phone: '(208) 555-0142' }, 30, ['same phone number']],
    [
      'phone and address',
      { name: 'Ann Birch', phone: '2085550142', addressLine1: '9 Palm Avenue' },
      50,
      ['same phone number', 'same address'],
    ],
    [
      'e-mail and address',
      { name: 'Ann', email: 'dale@EXAMPLE.org ', addressLine1: '9 palm ave.', zip: '83000-1' },
      55,
      ['same e-mail address', 'same address'],
    ],
    ['the address of another town', { name: 'Ann', addressLine1: '9 Palm Ave', zip: '99999' }, 0, []],
    ['nothing', { name: 'Ann Birch' }, 0, []],
    ['short names that are near', { name: 'Dal Whit' }, 0, []],
  ])('003-031: %s', (_title, other, score, reasons) => {
    expect(likeness(dale, other)).toEqual({ score, reasons })
  })

  it('empty fields are not alike', () => {
    expect(likeness({ name: 'A B', phone: '', email: '' }, { name: 'C D', phone: '', email: '' }).score).toBe(0)
  })

  it('suggests from the limit on, the likeliest first', () => {
    const others = [{ name: 'Ann' }, { name: 'Whitcomb Dale' }, { name: 'Dale Whitcomb', email: 'dale@example.org' }]
    expect(likelyOnes(dale, others).map(({ score }) => score)).toEqual([85, 50])
    expect(LIKELY).toBe(50)
  })
})
