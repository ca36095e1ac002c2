import { expect, it } from 'vitest'
import { lastFour, maskOf, typedSecret } from './rules.ts'

it.each([
  ['123-45-6789', '6789'],
  ['H600 123 456 789', '6789'],
  ['12345', ''],
  ['', ''],
])('of %s the last four are %s', (plain, last) => expect(lastFour(plain)).toBe(last))

it('masks by kind, and shows nothing where nothing is stored', () => {
  expect(maskOf('ssn', '6789')).toBe('•••-••-6789')
  expect(maskOf('bank', '0042')).toBe('•••••0042')
  expect(maskOf('licence', '')).toBe('•••••••••')
  expect(maskOf('ssn', null)).toBe('')
})

it('S-36: a form saved with the mask in it leaves the stored value', () => {
  const mask = maskOf('ssn', '6789')
  expect(typedSecret(mask, mask)).toBeUndefined()
  expect(typedSecret('  ', mask)).toBeUndefined()
  expect(typedSecret(undefined, mask)).toBeUndefined()
  expect(typedSecret('-', mask)).toBeNull()
  expect(typedSecret(' 987-65-4321 ', mask)).toBe('987-65-4321')
})
