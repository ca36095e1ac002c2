import { globSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import * as house from './house.ts'

const ROOT = path.join(import.meta.dirname, '../..')
const read = (file: string) => readFileSync(path.join(ROOT, file), 'utf8')

function filesLike(...patterns: string[]): house.Files {
  const names = globSync(patterns, { cwd: ROOT }).map((name) => name.replaceAll('\\', '/'))
  return new Map(names.sort().map((name) => [name, read(name)]))
}
const toy = (files: Record<string, string>): house.Files => new Map(Object.entries(files))

const sources = filesLike('src/**/*.ts')
const templates = filesLike('views/**/*.njk')

describe('the house plan holds', () => {
  it('rules decide from facts alone', () => expect(house.impureRules(sources)).toEqual([]))
  it('the ledger imports no other feature', () => expect(house.ledgerDependencies(sources)).toEqual([]))
  it('no feature imports the store or the pages of another', () => expect(house.foreignInsides(sources)).toEqual([]))
  it('one file knows the sign-in library', () => expect(house.luciaOutside(sources)).toEqual([]))
  it('one file reads the environment', () => expect(house.environmentReaders(sources)).toEqual([]))
  it('no source file is longer than 250 lines', () => expect(house.tooLong(sources, 250)).toEqual([]))
  it('no template is longer than 200 lines', () => expect(house.tooLong(templates, 200)).toEqual([]))
  it('templates hold nothing a strict content policy forbids', () =>
    expect(house.unsafeTemplates(templates)).toEqual([]))
  it('migrations come in the order of their dates', () => {
    expect(house.migrationsOutOfOrder(JSON.parse(read('drizzle/meta/_journal.json')))).toEqual([])
  })
  it('there is something to look at', () => {
    expect([...sources.keys()]).toContain('src/testing/house.ts')
    expect(templates.size).toBeGreaterThan(0)
  })
})

describe('each rule of the house can fail', () => {
  it('rules that reach a table, however far away', () => {
    const files = toy({
      'src/fees/rules.ts': `import type { Db } from '../db/db.ts'\nimport { share } from './share.ts'\nimport Big from 'big.js'`,
      'src/fees/share.ts': `export { list } from './deep.ts'`,
      'src/fees/deep.ts': `import {\n  sql,\n  eq,\n} from 'drizzle-orm/pg-core'\nimport { fees } from './store.ts'`,
      'src/fees/store.ts': '',
    })
    expect(house.impureRules(files)).toEqual([
      'src/fees/rules.ts reaches drizzle-orm',
      'src/fees/rules.ts reaches src/fees/store.ts',
    ])
  })
  it('rules that ask the clock', () => {
    const files = toy({
      'src/fees/late-rules.ts': 'export const late = (due: string) => due < new Date().toISOString()',
    })
    expect(house.impureRules(files)).toHaveLength(1)
  })
  it('types alone are no dependency of rules', () => {
    const files = toy({
      'src/fees/rules.ts': `import type { Request } from 'express'\nexport type { Db } from '../db/db.ts'`,
    })
    expect(house.impureRules(files)).toEqual([])
  })
  it('a ledger that knows a feature', () => {
    const files = toy({
      'src/ledger/post.ts': `import type { Bill } from '../billing/rules.ts'\nimport { one } from '../db/db.ts'`,
    })
    expect(house.ledgerDependencies(files)).toEqual(['src/ledger/post.ts imports src/billing/rules.ts'])
  })
  it('a feature that looks into another', () => {
    const files = toy({
      'src/payments/service.ts': `import { list } from '../accounts/store.ts'\nimport { mine } from './store.ts'\nimport { find } from '../accounts/service.ts'`,
      'src/features.ts': `import { pages } from './accounts/pages.ts'`,
    })
    expect(house.foreignInsides(files)).toEqual(['src/payments/service.ts imports src/accounts/store.ts'])
  })
  it('a second file that knows lucia', () => {
    const files = toy({
      'src/auth/session.ts': `import { Lucia } from 'lucia'`,
      'src/web/guard.ts': `import type { User } from 'lucia'`,
    })
    expect(house.luciaOutside(files)).toEqual(['src/web/guard.ts imports lucia'])
  })
  it.each(["process.env['PORT']", 'const { PORT } = process.env', `import { env } from 'node:process'`])(
    'a second reader of the environment: %s',
    (text) => {
      expect(house.environmentReaders(toy({ 'src/web/x.ts': text, 'src/config.ts': text }))).toHaveLength(1)
    },
  )
  it('a file too long', () => {
    const files = toy({ 'src/a.ts': 'x\n'.repeat(251), 'src/b.ts': 'x\n'.repeat(250) })
    expect(house.tooLong(files, 250)).toEqual(['src/a.ts has 251 lines'])
  })
  it.each([
    '{{ name | safe }}',
    '{{ name|safe }}',
    '<p style="color:red">',
    '<button onclick="go()">',
    '<b hx-on:click="x">',
    `<b hx-vals='js:{a:1}'>`,
    '<a href="javascript:void 0">',
    '<script>go()</script>',
    '<style>p{}</style>',
  ])('a template with %s', (text) => {
    expect(house.unsafeTemplates(toy({ 'views/x.njk': text }))).toHaveLength(1)
  })
  it('what only looks like it is allowed', () => {
    const text = `{% set one = 'only' %}<script src="/app.js" defer></script><p class="style">{{ safe }} goods: json:</p>`
    expect(house.unsafeTemplates(toy({ 'views/x.njk': text }))).toEqual([])
  })
  it('a migration merged late', () => {
    const entries = [
      { tag: '0000', when: 5 },
      { tag: '0001', when: 4 },
    ]
    expect(house.migrationsOutOfOrder({ entries })).toHaveLength(1)
  })
})
