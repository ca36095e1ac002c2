import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { sql } from 'drizzle-orm'
import postgres from 'postgres'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Role } from '../auth/permissions.ts'
import { appFor, type Browser, signedIn } from '../testing/browser.ts'
import { freshTown, type TestTown } from '../testing/database.ts'
import { plain } from '../testing/form.ts'
import {
  certified,
  dressed,
  furnished,
  joined,
  late,
  metered,
  moved,
  owing,
  PRIVATE_DAY,
  planned,
  privateLast,
} from '../testing/private-town.ts'
import { opened } from '../testing/reach.ts'
import { linksOf, routeFinder } from '../testing/site.ts'
import { readFolder } from '../testing/town-folder.ts'
import { loadTown, millbrook } from '../testing/towns.ts'
import { routesOf } from '../web/routes.ts'

const large = millbrook()
const towns: TestTown[] = []

async function loaded(kept: boolean): Promise<TestTown> {
  const town = await freshTown()
  towns.push(town)
  const above = mkdtempSync(path.join(tmpdir(), 'clerkwell-town-'))
  // the import's page names it
  const folder = path.join(above, 'millbrook')
  mkdirSync(folder)
  for (const [name, text] of Object.entries(privateLast(readFolder(large?.folder ?? ''), kept)))
    writeFileSync(path.join(folder, name), text)
  await loadTown(town.db, folder)
  rmSync(above, { recursive: true })
  await furnished(town)
  return town
}

const first = async (town: TestTown, open: boolean) => (await owing(town, open)).slice(0, 3)

async function records(town: TestTown, open: boolean, tag: string): Promise<void> {
  const [late, payer] = await first(town, open)
  const other = (await first(town, true))[2]?.number.split('.')[0] ?? ''
  await dressed(town, payer?.number ?? '', tag, other)
  await moved(town, payer?.number ?? '', tag)
  await joined(town, payer?.number.split('.')[0] ?? '', tag)
  await planned(town, late?.number ?? '', tag)
}

/** What both towns have; then what one has besides; then the routines over everybody. */
async function arrange(whole: TestTown, without: TestTown): Promise<void> {
  const theirs = await first(whole, false)
  await numberedLike(without, whole)
  for (const town of [whole, without]) {
    for (const { location } of [...(await first(town, true)), ...theirs]) await metered(town, location)
    await records(town, true, 'Open')
  }
  await records(whole, false, 'Zqhid')
  await late(whole, ...theirs.map(({ number }) => number).filter((_, at) => at !== 1))
  await numberedLike(without, whole)
  for (const town of [whole, without])
    await certified(
      town,
      (await first(town, true)).slice(0, 1).map(({ number }) => number),
    )
}

/** That a number is missing is no secret; what the next one is must be the same in both towns. */
async function numberedLike(town: TestTown, like: TestTown): Promise<void> {
  const [to, from] = [town, like].map(({ url }) => postgres(url, { max: 1, onnotice: () => {} }))
  if (!to || !from) return
  const last =
    await from`select format('%I.%I', schemaname, sequencename) as name, last_value from pg_sequences where last_value is not null`
  for (const { name, last_value } of last) await to`select setval(${name}::regclass, ${last_value}::bigint)`
  for (const { name, value } of await from`select name, value from ledger.counter`)
    await to`insert into ledger.counter (name, value) values (${name}, ${value}) on conflict (name) do update set value = excluded.value`
  await Promise.all([to.end(), from.end()])
}

/** A page without what differs between any two towns: keys, moments, ids in the order of posting. */
const bare = (text: string): string =>
  plain(text)
    .replace(/[0-9a-f]{8}-[0-9a-f-]{27}|[0-9a-f]{16,}/g, '#')
    .replace(/\d{1,2}:\d\d(:\d\d)?( [ap]\.?m\.?)?/gi, '#')
    .replace(/(clerk|supervisor)-\d+/g, '$1')
    .replace(/\(D:\d+Z\)/g, '#')
    // the files of a run that takes in private accounts are the administrators'; its register they all have (product.md 3.20)
    .replace(/id="files">\s*<[pu][\s\S]*?<\/div>/, (files) => (files.includes('register.csv') ? files : ''))

describe.skipIf(!large)('Millbrook with its private accounts, to who may not see them, is Millbrook without', () => {
  let whole: TestTown
  let without: TestTown
  beforeAll(async () => {
    whole = await loaded(true)
    without = await loaded(false)
    await arrange(whole, without)
  }, 120_000)
  afterAll(async () => {
    for (const town of towns) await town.drop()
  })

  const pagesOf = async (role: Role): Promise<{ differ: string[]; count: number }> => {
    const both = await Promise.all(
      [whole, without].map(async (town) => signedIn(town, role, appFor(town, { today: PRIVATE_DAY }))),
    )
    const [one, two] = both as [Browser, Browser]
    const routeOf = routeFinder(
      routesOf(appFor(whole, { today: PRIVATE_DAY })).filter(({ method }) => method === 'get'),
    )
    const differ: string[] = []
    const count = new Map<string, number>()
    const seen = new Set<string>()
    const [payer] = await whole.db.execute<{ number: string }>(
      sql`select number from customer where master_contact_id is not null and public`,
    )
    const waiting = [
      '/',
      '/runs',
      '/runs?page=2',
      `/panel/${payer?.number}.01`,
      '/landlords?show=all',
      '/reports/audit-trail?page=2',
    ]
    for (let address = waiting.shift(); address !== undefined; address = waiting.shift()) {
      const route = routeOf(address)
      const most = route?.path.includes(':') ? (route.path === '/runs/:id' ? 12 : 1) : 3
      if (!route || seen.has(address) || (count.get(route.path) ?? 0) >= most) continue
      seen.add(address)
      count.set(route.path, (count.get(route.path) ?? 0) + 1)
      const [first, second] = [await opened(one, address), await opened(two, address)]
      const [a, b] = [bare(first.text), bare(second.text)]
      if (first.status !== second.status || a !== b)
        differ.push(`${address} (${first.status}): ${firstDifference(a, b)}`)
      if (first.html && first.status === 200) waiting.push(...linksOf(first.text))
    }
    return { differ, count: seen.size }
  }

  it.each(['clerk', 'supervisor'] as const)(
    'every page of a %s, with its counts and totals',
    async (role) => {
      const { differ, count } = await pagesOf(role)
      expect(differ).toEqual([])
      expect(count).toBeGreaterThan(150)
    },
    60_000,
  )
})

function firstDifference(one: string, other: string): string {
  const at = [...one].findIndex((sign, place) => sign !== other[place])
  const place = Math.max(0, at < 0 ? one.length - 60 : at - 60)
  return JSON.stringify([one.slice(place, place + 140), other.slice(place, place + 140)])
}
