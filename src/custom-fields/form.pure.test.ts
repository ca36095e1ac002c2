import { describe, expect, it } from 'vitest'
import { customForm, type Defined, keptText } from './form.ts'

const defined = (changed: Partial<Defined>): Defined => ({
  id: 1,
  name: 'Field',
  kind: 'text',
  choices: null,
  required: false,
  ...changed,
})
const read = (changed: Partial<Defined>, typed: string) => {
  const parsed = customForm([defined(changed)]).parse({ f1: typed })
  return parsed.ok ? keptText(changed.kind ?? 'text', parsed.data.f1) : parsed.view.summary.map(({ text }) => text)
}

describe('fields that a town defines', () => {
  it.each([
    [{}, ' Blue gate ', 'Blue gate'],
    [{ kind: 'number' as const }, '-2.50', '-2.5'],
    [{ kind: 'amount' as const }, '0.00', '0.00'],
    [{ kind: 'date' as const }, '3/1/2026', '2026-03-01'],
    [{ kind: 'yes_no' as const }, 'on', 'yes'],
    [{ kind: 'list' as const, choices: 'Red\nBlue' }, 'Blue', 'Blue'],
    [{ kind: 'number' as const }, '', ''],
  ])('%o: %s is kept as %s', (changed, typed, kept) => expect(read(changed, typed)).toBe(kept))

  it.each([
    [{ required: true }, ''],
    [{ kind: 'number' as const }, 'many'],
    [{ kind: 'date' as const }, '02/30/2026'],
    [{ kind: 'list' as const, choices: 'Red' }, 'Green'],
  ])('%o refuses %s', (changed, typed) => expect(read(changed, typed)).toHaveLength(1))
})
