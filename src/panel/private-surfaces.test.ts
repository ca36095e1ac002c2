import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { rows } from '../db/db.ts'
import {
  ASKERS,
  type Asker,
  askerOf,
  type Filled,
  filledWith,
  hidesSomething,
  unknownPieces,
} from '../testing/hidden-places.ts'
import { type Answered, type PrivateDesk, policed, privateDesk } from '../testing/private-desk.ts'
import { reach } from '../testing/reach.ts'
import { millbrook } from '../testing/towns.ts'
import type { Route } from '../web/routes.ts'

const large = millbrook()
let desk: PrivateDesk

describe.skipIf(!large)('private accounts of Millbrook, on every address there is', () => {
  beforeAll(async () => {
    desk = await privateDesk(large?.folder ?? '')
  }, 120_000)
  afterAll(() => desk?.town.drop())

  it('the town has something hidden in every table that can hide', async () => {
    const { town } = desk
    const nothing: string[] = []
    for (const { name } of await policed(town)) {
      const count = sql.raw(`select count(*)::int as n from ${name}`)
      const [all, seen] = await Promise.all([rows<{ n: number }>(town.db, count), rows<{ n: number }>(town.app, count)])
      if ((all[0]?.n ?? 0) <= (seen[0]?.n ?? 0)) nothing.push(name)
    }
    expect(nothing).toEqual([])
  })

  it('no row that their database pool gives out holds a word of it', async () => {
    const sign = `zqhid|zq[0-9]+ hidden|zq[0-9]+@|${(await names()).join('|')}`
    const faults: string[] = []
    for (const { name } of await readable()) {
      const words = sql`select t::text as text from ${sql.raw(name)} t where t::text ~* ${sign} limit 1`
      const [row] = await rows<{ text: string }>(desk.town.app, words)
      if (row) faults.push(`${name}: ${row.text.slice(0, 300)}`)
    }
    expect(faults).toEqual([])
  })

  it('every route can be filled with what is hidden', () => {
    const all = (['get', 'post', 'put', 'delete'] as const).flatMap((method) => desk.routes(method))
    const unknown = (route: Route) => unknownPieces(route).map((piece) => `${route.method} ${route.path}: ${piece}`)
    expect(all.filter(askerOf).flatMap(unknown)).toEqual([])
  })

  it('no page that somebody can reach holds a word of it', async () => {
    const { hidden, open } = desk
    const seeds = [
      ...['/', '/master-contacts', '/service-orders?show=all', '/landlords?show=all'],
      ...['Both', 'Both/merge', 'Like', 'Like/merge', 'Like/merge?q=Records'].map((page) => `/master-contacts/${page}`),
      ...[`/panel/${open.accountNumber}`, `/panel/${open.plannedNumber}`, `/customers/${open.customerNumber}`],
      ...Array.from({ length: 20 }, (_, at) => [
        `/runs/${at + 1}`,
        `/runs/${at + 1}/accounts/${open.plannedNumber}`,
      ]).flat(),
      ...(await placesOf(hidden.account)),
      ...(await placesOf(hidden.planned)),
    ]
    const most = ({ path }: Route) => (path.includes(':') ? 2 : 4)
    const pages: (Answered & { address: string })[] = await reach(desk.browsers.supervisor, desk.routes(), seeds, most)
    for (const { path } of desk.routes().filter((route) => !route.path.includes(':'))) {
      for (const role of ASKERS) {
        if (role === 'supervisor' && !path.startsWith('/api/')) continue
        pages.push({ address: `${role} ${path}`, ...(await desk.asked(role, 'get', path)) })
      }
    }
    expect(pages.filter(({ status }) => status === 200).length).toBeGreaterThan(300)
    expect(pages.flatMap(({ address, text }) => desk.found(text).map((word) => `${address}: ${word}`))).toEqual([])
  }, 60_000)

  it.each(['get', 'post', 'put', 'delete'] as const)(
    'what is hidden answers %s as what does not exist, alone and behind an account that is seen',
    async (method) => {
      const faults: string[] = []
      let asked = 0
      for (const route of desk.routes(method).filter(hidesSomething)) {
        const role = askerOf(route)
        for (const within of role ? [undefined, desk.open] : []) {
          const filled = await filledWith(desk.town, route, desk.hidden, within)
          if (filled === undefined || role === undefined) continue
          asked += 1
          faults.push(
            ...('missing' in filled ? [`${route.path}: no hidden ${filled.missing}`] : await told(role, route, filled)),
          )
        }
      }
      expect(faults).toEqual([])
      expect(asked).toBeGreaterThan(method === 'put' ? 5 : 10)
    },
    60_000,
  )
})

/** Answers without a body to speak of: the same for everything. */
const SAME_FOR_ALL = /\/mask$/

/** What an answer tells of what is hidden: anything else than that of what does not exist. */
async function told(role: Asker, { method, path }: Route, filled: Filled): Promise<string[]> {
  const answer = await desk.asked(role, method, filled.address)
  const absent = await desk.asked(role, method, filled.absent)
  const [one, other] = [bare(answer, filled), bare(absent, filled)]
  const says = `${role} ${method} ${filled.address}: ${answer.status}`
  if (answer.status !== absent.status || one !== other)
    return [`${says}, but ${filled.absent}: ${absent.status} ${differing(one, other)}`]
  return answer.status === 200 && !SAME_FOR_ALL.test(path) ? [says] : []
}

/** An answer without what was asked for, keys and the numbers of requests. */
const bare = ({ text }: Answered, { written }: Filled): string =>
  written
    .flatMap((value) => [encodeURIComponent(value), value])
    .reduce((left, value) => left.replaceAll(value, ''), text)
    .replace(/[0-9a-f]{8}-[0-9a-f-]{27}|[0-9a-f]{12,}/g, '')

/** Where two texts begin to differ. */
function differing(one: string, other: string): string {
  const at = [...one].findIndex((sign, place) => sign !== other[place])
  return JSON.stringify([one.slice(at - 30, at + 60), other.slice(at - 30, at + 60)])
}

/** Names that only hidden customers bear. */
const names = async (): Promise<string[]> =>
  (
    await rows<{ name: string }>(
      desk.town.db,
      sql`select name from customer c where not public and not exists (select from customer x where x.public and x.name = c.name)`,
    )
  ).map(({ name }) => name)

/** Tables that the pool reads. A run's own row counts everybody and is read with `asSeen`; a file through the row that names it. */
const readable = () =>
  rows<{ name: string }>(
    desk.town.app,
    sql`select format('%I.%I', schemaname, tablename) as name from pg_tables where schemaname in ('public', 'ledger')
      and has_table_privilege(format('%I.%I', schemaname, tablename), 'select') and tablename not in ('run', 'file', 'file_chunk') order by 1`,
  )

/** Pages of the place where a hidden account is: the place itself is no secret. */
const placesOf = async (account: number): Promise<string[]> => {
  const [place] = await rows<{ number: string }>(
    desk.town.db,
    sql`select n.number from location n join account a on a.location_id = n.id where a.id = ${account}`,
  )
  return [`/locations/${place?.number}`, `/landlords/${place?.number}`]
}
