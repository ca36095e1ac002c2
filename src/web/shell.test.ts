import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { packedSize } from './assets.ts'
import { grouped, momentText, moneyText, periodText } from './format.ts'
import { currentMenu, menusFor, placesOf } from './menu.ts'
import { paging } from './paging.ts'
import { apiFeature, feature, mount, type Route } from './routes.ts'
import { templates } from './templates.ts'

const views = path.join(import.meta.dirname, '../../views')
const names = readdirSync(views, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.njk'))

describe('weight', () => {
  it('keeps to the budget: script 22 KB, style 12 KB, sprite 4 KB, gzipped', () => {
    expect(packedSize('htmx.js') + packedSize('app.js')).toBeLessThanOrEqual(22 * 1024)
    expect(packedSize('app.css')).toBeLessThanOrEqual(12 * 1024)
    expect(packedSize('sprite.svg')).toBeLessThanOrEqual(4 * 1024)
  })
})

// S-16, S-17, S-21: what no template may hold.
const FORBIDDEN: [string, RegExp][] = [
  ['unescaped output', /\|\s*safe\b|autoescape/],
  ['a style attribute', /\sstyle=/],
  ['an event attribute', /\son[a-z]+=/i],
  ['script in htmx attributes', /hx-on|hx-vals='?js:|hx-vars|"js:/],
  ['an inline script', /<script(?![^>]*\ssrc=)/],
  ['an unquoted attribute with data', /\s[a-z-]+=\{\{/],
  ['a form that writes without a token', /<form(?=[^>]*method="post")(?![\s\S]*?(token\(shell\)|_csrf))/],
]

describe.each(names)('template %s', (name) => {
  const source = readFileSync(path.join(views, name), 'utf8')
  it.each(FORBIDDEN)('holds no %s', (_what, pattern) => expect(source).not.toMatch(pattern))
  it('compiles and is at most 200 lines', () => {
    expect(() => templates.getTemplate(name, true)).not.toThrow()
    expect(source.split('\n').length).toBeLessThanOrEqual(201)
  })
})

describe('fragments', () => {
  const root = path.join(import.meta.dirname, '..')
  const sources = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter(
    (name) => /pages?\.ts$|screen|view/.test(name) && !name.includes('.test.'),
  )
  const asked = sources.flatMap((name) =>
    [...readFileSync(path.join(root, name), 'utf8').matchAll(/block: '(\w+)'/g)].map((found) => found[1] ?? ''),
  )
  const defined = new Set(
    names.flatMap((name) =>
      [...readFileSync(path.join(views, name), 'utf8').matchAll(/\{%-? block (\w+)/g)].map((found) => found[1]),
    ),
  )
  it.each([...new Set(asked)])('the block %s is in a template: a misspelt one would be an empty answer', (block) =>
    expect(defined.has(block)).toBe(true),
  )
})

describe('S-33: routes say who may', () => {
  it('refuses a line without a right, with a wrong one, or without a handler', () => {
    const pages = feature('x')
    expect(() => pages.get('/a', undefined as never, () => {})).toThrow('does not say who may')
    expect(() => pages.post('/a', 'admin' as never, () => {})).toThrow('does not say who may')
    expect(() => pages.get('/a', 'anyone', undefined as never)).toThrow('no handler')
    expect(() => apiFeature('y').put('/a', '' as never, () => {})).toThrow('does not say who may')
  })
  it('mounts nothing else than a feature', () => {
    expect(() => mount({ locals: {} } as never, (() => {}) as never)).toThrow('Only a Feature')
  })
})

const route = (menu: string, pathname: string, need: Route['need'] = 'signed-in'): Route => ({
  method: 'get',
  path: pathname,
  need,
  feature: 'x',
  menu,
})

describe('menus', () => {
  const routes = [
    route('Organization > Users and roles', '/organization/users', 'users.manage'),
    route('Organization > Titles', '/tables/titles'),
    route('Organization > Services', '/services', 'tables.view'),
    route('Organization > Organization', '/organization'),
    route('Reports > Audit trail', '/reports/audit-trail', 'audit.view'),
  ]
  it('shows what exists and what the role may use, in the order of the sources', () => {
    const labels = (role: 'administrator' | 'clerk') =>
      menusFor(routes, role).map((menu) => [menu.name, menu.items.map((item) => item.label)])
    expect(labels('administrator')).toEqual([
      ['Organization', ['Organization', 'Services', 'Titles', 'Users and roles']],
      ['Reports', ['Audit trail']],
    ])
    expect(labels('clerk')).toEqual([['Organization', ['Organization', 'Services', 'Titles']]])
  })
  it('knows the menu of a path by its longest screen', () => {
    const menus = menusFor(routes, 'administrator')
    expect(currentMenu(menus, '/reports/audit-trail')?.name).toBe('Reports')
    expect(currentMenu(menus, '/organization/users/7')?.name).toBe('Organization')
    expect(currentMenu(menus, '/elsewhere')).toBeUndefined()
  })
  it('refuses a menu that does not exist and a screen that needs a number', () => {
    expect(() => placesOf([route('Setup > Titles', '/titles')])).toThrow('no menu')
    expect(() => placesOf([route('Reports > One', '/one/:id')])).toThrow('cannot stand in a menu')
  })
})

describe('numbers and days as people read them', () => {
  it.each([
    ['1204.18', '1,204.18'],
    ['-1204567.00', '-1,204,567.00'],
    ['0.00', '0.00'],
    ['-45.00', '-45.00'],
  ])('%s is %s', (value, shown) => expect(moneyText(value)).toBe(shown))
  it('groups whole numbers, names periods, tells the time', () => {
    expect(grouped(1234567)).toBe('1,234,567')
    expect(periodText('2026-11-30')).toBe('November 2026')
    expect(momentText('2026-11-18T14:05:00Z', 'America/Boise')).toBe('11/18/2026 7:05 AM')
  })
  it('pages with the other parameters kept', () => {
    expect(paging('/x', { q: 'a b', page: '2' }, 2, 120)).toEqual({
      page: 2,
      count: 3,
      previous: '/x?q=a+b&page=1',
      next: '/x?q=a+b&page=3',
    })
  })
})
