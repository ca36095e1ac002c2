import { expect, it } from 'vitest'
import { nunjucks } from './template-engine.ts'
import { templates } from './templates.ts'

const shown = (text: string, data: object = {}) => new nunjucks.Template(text, templates).render(data)

it('writes nothing where the database says there is nothing, also through a filter', () => {
  const filters = ['money', 'amount', 'day', 'number', 'period', 'piece']
  const text = filters.map((filter) => `{{ nothing | ${filter} }}`).join('')
  expect(shown(`{{ nothing }}{{ of.nothing }}${text}`, { nothing: null, of: { nothing: null } })).toBe('')
})

it('fails loudly on a mistyped name', () => {
  expect(() => shown('{{ of.nane }}', { of: { name: 'A' } })).toThrow('null or undefined')
  expect(() => shown('{{ of.nane }}', { of: {} })).toThrow('null or undefined')
})

it('gives a loop its facts where its body asks for them, in whatever it holds', () => {
  const rows = ['a', 'b']
  expect(shown('{% for r in rows %}{{ loop.index }}{{ r }}{% endfor %}', { rows })).toBe('1a2b')
  expect(shown('{% for r in rows %}{% if r %}{{ "" if loop.last else "," }}{% endif %}{% endfor %}', { rows })).toBe(
    ',',
  )
  expect(
    shown('{% for r in rows %}{% for q in rows %}{{ q }}{% endfor %}{{ loop.length }}{% endfor %}', { rows }),
  ).toBe('ab2ab2')
  expect(shown('{% for r in rows %}{% for q in rows %}{{ loop.index }}{% endfor %}{% endfor %}', { rows })).toBe('1212')
})

it('and no facts where it does not', () => {
  const compiled = (text: string) =>
    (nunjucks as unknown as { compiler: { compile(text: string): string } }).compiler.compile(text)
  expect(compiled('{% for r in rows %}{{ r }}{% endfor %}')).not.toContain('loop.')
  expect(compiled('{% for r in rows %}{% include "x.njk" %}{% endfor %}')).toContain('loop.index')
})

it('writes icons and tags, and escapes what stands in them', () => {
  expect(shown('{{ icon("warn") }}')).toMatch(
    /^<svg class="i" aria-hidden="true"><use href="\/static\/sprite\.\w+\.svg#warn"\/><\/svg>$/,
  )
  expect(shown('{{ tag("", "x", text) }}', { text: '<b>' })).toMatch(
    /^<span class="tag"><svg.*<\/svg>&lt;b&gt;<\/span>$/,
  )
  expect(shown('{{ tag("bad", "x", "Past Due", of) }}', { of: 'A&B' })).toMatch(
    /^<span class="tag bad"><svg.*<\/svg>A&amp;B &ndash; Past Due<\/span>$/,
  )
  expect(shown('{{ tag("", "x", nothing) }}', { nothing: null })).toMatch(/<\/svg><\/span>$/)
  expect(() => shown('{{ tag("", "x", of.text) }}', { of: {} })).toThrow('null or undefined')
})
