import { describe, expect, it } from 'vitest'
import { may, PERMISSIONS, ROLES } from './permissions.ts'
import { passwordRefusal, safeReturnTo, waitBefore } from './rules.ts'

const tries = { inARow: 0, sinceLast: 0, fromAddress: 0, fromAnywhere: 0 }

describe('S-4: waiting before a try', () => {
  it.each([
    [0, 0, 0],
    [4, 0, 0],
    [5, 0, 2],
    [5, 1.5, 1],
    [5, 2, 0],
    [6, 0, 4],
    [10, 0, 64],
    [14, 0, 900],
    [60, 0, 900],
    [60, 900, 0],
    [99, 1e6, 0],
    [100, 1e6, Number.POSITIVE_INFINITY],
  ])('%i in a row, %d s ago: %d s', (inARow, sinceLast, wait) =>
    expect(waitBefore({ ...tries, inARow, sinceLast })).toBe(wait),
  )
  it('holds an address and everybody', () => {
    expect(waitBefore({ ...tries, fromAddress: 19, fromAnywhere: 299 })).toBe(0)
    expect(waitBefore({ ...tries, fromAddress: 20 })).toBe(300)
    expect(waitBefore({ ...tries, fromAnywhere: 300 })).toBe(300)
  })
})

describe('S-2: passwords', () => {
  it.each([
    'four brown otters dig',
    'Tr4ctor-Barn~Lamp7',
    'xkvJ2mWq9Lp0RtZ',
    'the ferry leaves at noon',
    'ein großer Äpfelbaum',
    'наш огород за рекой',
    '日本の山と川と海と空と森と湖と',
    `${'a'.repeat(3)}bcdQWZ${'!'.repeat(119)}`,
    '   spaces   count too   ',
    '"quotes\' and \\ slashes <b>',
    'emoji 🚜🐄🌾 in the barn',
    'tractors plow 2026 rows',
  ])('takes %j', (password) => expect(passwordRefusal(password, ['Marlow Ferry', 'jostrander'])).toBeUndefined())
  it.each([
    '',
    'short',
    'fourteen chars',
    'x'.repeat(129),
    'passwordpassword',
    'Password1234567',
    'P@ssw0rdP@ssw0rd',
    'qwertyuiopasdfgh',
    'aaaaaaaaaaaaaaaa',
    'abababababababab',
    '1234567890123456',
    '98765432109876543',
    'clerkwellclerkwell',
    'Clerkwell-2026-2026',
    'MarlowFerry2026!!',
    'marlow ferry water',
    'jostranderjostrander',
    'utility billing 2025',
    'letmeinletmeinletmein',
    'correcthorsebatterystaple',
    'Summer2026Summer2026',
    'administrator123',
  ])('refuses %j', (password) => expect(passwordRefusal(password, ['Marlow Ferry', 'jostrander'])).toBeDefined())
  it('takes 15 and 128 characters, counted as people see them', () => {
    expect(passwordRefusal('fifteen letters')).toBeUndefined()
    expect(passwordRefusal('äöüßéèêçñåæøœłđ')).toBeUndefined()
    expect(passwordRefusal(`quick brown ${'fox'.repeat(38)}zy`)).toBeUndefined()
  })
})

describe('S-29: where to go after signing in', () => {
  it.each(['/', '/accounts/1042.01', '/reports/aging?asOf=2026-03-01&sort=-balance', '/go?q=a%20b'])(
    'goes to %s',
    (url) => expect(safeReturnTo(url)).toBe(url),
  )
  it.each([
    '',
    'accounts',
    '//evil.example',
    '///evil.example',
    '/\\evil.example',
    '\\\\evil.example',
    '/\\/evil.example',
    'https://evil.example',
    'http:evil.example',
    'javascript:alert(1)',
    'data:text/html,x',
    '/%09/evil.example\t',
    '/\t/evil.example',
    '/\n/evil.example',
    ' /accounts',
    '/a\r\nSet-Cookie: x=1',
    '/accounts\u0000',
    '/..//evil.example',
    '/./\\evil.example',
    '/é',
    '/a b',
    'mailto:x@y.example',
    '?next=/',
    '#x',
    '/sign-out',
    '/sign-in?returnTo=/sign-in',
    '/setup',
    '/password?token=x',
    `/${'a'.repeat(600)}`,
    ['/a'],
    { a: 1 },
    undefined,
    null,
    7,
  ])('stays at home with %j', (url) => expect(safeReturnTo(url)).toBe('/'))
})

describe('roles', () => {
  it('gives administrators everything and viewers nothing that changes', () => {
    expect(PERMISSIONS.filter((permission) => !may('administrator', permission))).toEqual([])
    expect(PERMISSIONS.filter((permission) => may('viewer', permission) && !permission.endsWith('.view'))).toEqual([
      'api.use',
    ])
  })
  it('keeps private accounts and users to administrators, the proof to them and auditors', () => {
    const having = (permission: (typeof PERMISSIONS)[number]) => ROLES.filter((role) => may(role, permission))
    expect(having('private.view')).toEqual(['administrator'])
    expect(having('users.manage')).toEqual(['administrator'])
    expect(having('proof.view')).toEqual(['administrator', 'auditor'])
  })
})
