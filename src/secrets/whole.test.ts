import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { gunzipSync } from 'node:zlib'
import { sql } from 'drizzle-orm'
import postgres from 'postgres'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { DIGEST_BYTES, MAGIC } from '../backup/container.ts'
import { writeBackup } from '../backup/write.ts'
import { rows } from '../db/db.ts'
import type { Browser } from '../testing/browser.ts'
import { page as contactsPage } from '../testing/contact-desk.ts'
import { reach } from '../testing/reach.ts'
import { PAYING, PERSON, type SecretDesk, secretDesk, VALUES } from '../testing/secret-desk.ts'
import { databaseUrl } from '../testing/setup.ts'
import { PASSWORD } from '../testing/signing-in.ts'
import { readFolder } from '../testing/town-folder.ts'
import { standing } from '../testing/written.ts'
import { exportTown } from '../town/export.ts'
import { routesOf } from '../web/routes.ts'

let desk: SecretDesk
const began = Date.now()

const REASON = { password: PASSWORD, code: '', reason: 'to know who calls' }

beforeAll(async () => {
  desk = await secretDesk()
}, 60_000)
afterAll(() => desk?.town.drop())

const showsOf = (by: Browser) =>
  rows<{ n: number }>(
    desk.town.db,
    sql`select count(*)::int as n from audit where action = 'show' and actor = ${by.user.id}`,
  )

describe('each Show leaves an audit row that is there before the value is sent', () => {
  it('while the audit row cannot be written nothing is sent; when it is, the value comes', async () => {
    const other = postgres(desk.town.url, { max: 2, onnotice: () => {} })
    for (const [door, value] of desk.doors) {
      let answer: { status: number; text: string } | undefined
      let sent: Promise<unknown> = Promise.resolve()
      await other.begin(async (lock) => {
        await lock`lock table audit in exclusive mode`
        sent = desk.supervisor.post(`${door}/show`, REASON).then((given) => {
          answer = given
        })
        for (let tries = 0; tries < 100; tries += 1) {
          const [waiting] = await lock`select from pg_locks where not granted and relation = 'audit'::regclass`
          if (waiting) break
          await new Promise((go) => setTimeout(go, 20))
        }
        await new Promise((go) => setTimeout(go, 50))
        expect([door, answer]).toEqual([door, undefined])
      })
      await sent
      expect([door, answer?.status, answer?.text.includes(value)]).toEqual([door, 200, true])
    }
    expect(await showsOf(desk.supervisor)).toEqual([{ n: desk.doors.length }])
    await other.end()
  }, 60_000)

  it('when the audit row is refused the value never comes', async () => {
    const owner = postgres(desk.town.url, { max: 1, onnotice: () => {} })
    await owner`create trigger a_stop before insert on audit for each row execute function no_more()`
    for (const [door] of desk.doors) {
      const answer = await desk.supervisor.post(`${door}/show`, REASON)
      expect([door, answer.status, standing(answer.text, VALUES)]).toEqual([door, 503, []])
    }
    await owner`drop trigger a_stop on audit`
    await owner.end()
  })
})

describe('a protected number that was typed once stands nowhere in the clear', () => {
  it('in no answer to whoever typed it', () => {
    expect(desk.answers.flatMap(([what, text]) => standing(text, VALUES).map((form) => `${what}: ${form}`))).toEqual([])
  })

  it('on no page that a clerk or an administrator can reach', async () => {
    const routes = routesOf(desk.app)
    for (const who of [desk.clerk, desk.administrator]) {
      const seeds = ['/', PERSON, contactsPage, PAYING, '/customers/100', '/reports/audit-trail', '/me/draft']
      const pages = await reach(who, routes, seeds, ({ path: of }) => (of.includes(':') ? 2 : 1))
      const found = pages.flatMap(({ address, text }) => standing(text, VALUES).map((form) => `${address}: ${form}`))
      expect([who.user.role, found]).toEqual([who.user.role, []])
    }
  }, 60_000)

  it('in no answer of the API', async () => {
    const calls = routesOf(desk.app).filter(({ method, path: of }) => method === 'get' && of.startsWith('/api/v1/'))
    for (const { path: of } of calls) {
      const address = of.replace('/api/v1', '').replace(':number', of.includes('/customers/') ? '100' : '100.01')
      if (!address.includes(':')) expect([of, standing((await desk.api.get(address)).text, VALUES)]).toEqual([of, []])
    }
  })

  it('in no line of the log', () => {
    expect(desk.logged.length).toBeGreaterThan(50)
    expect(desk.logged.join('')).toContain('disk full')
    expect(standing(desk.logged.join(''), VALUES)).toEqual([])
  })

  it('in no row of any table of any schema', async () => {
    const owner = postgres(desk.town.url, { max: 1, onnotice: () => {} })
    const tables = await owner<{ name: string }[]>`select format('%I.%I', schemaname, tablename) as name from pg_tables
      where schemaname not in ('pg_catalog', 'information_schema') union all select format('%I.%I', schemaname, matviewname) from pg_matviews`
    expect(tables.length).toBeGreaterThan(80)
    const found: string[] = []
    for (const { name } of tables) {
      const all = await owner.unsafe<{ row: string }[]>(`select t::text as row from ${name} t`)
      found.push(...standing(all.map(({ row }) => row).join('\n'), VALUES).map((form) => `${name}: ${form}`))
    }
    await owner.end()
    expect(found).toEqual([])
  })

  it('in no file of the town folder, and not in the backup', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'clerkwell-whole-'))
    await exportTown(desk.town.db, path.join(folder, 'town'))
    const files = Object.entries(readFolder(path.join(folder, 'town')))
    expect(files.length).toBeGreaterThan(20)
    expect(files.flatMap(([name, text]) => standing(text, VALUES).map((form) => `${name}: ${form}`))).toEqual([])
    const backup = path.join(folder, 'town.backup')
    await writeBackup(desk.town.url, backup)
    const bytes = readFileSync(backup)
    const inside = gunzipSync(bytes.subarray(MAGIC.length, bytes.length - DIGEST_BYTES)).toString('latin1')
    expect(inside).toContain('Dale Whitcomb')
    expect(standing(inside, VALUES)).toEqual([])
    rmSync(folder, { recursive: true })
  })

  it("in no file of the database itself, its write-ahead log or the server's own log", async () => {
    const server = inject('server')
    const name = new URL(desk.town.url).pathname.slice(1)
    const admin = postgres(databaseUrl(server.adminUrl, name), { max: 1, onnotice: () => {} })
    const [at] = await admin<{ data: string; base: string }[]>`select current_setting('data_directory') as data,
      'base/' || (select oid from pg_database where datname = current_database()) as base`
    await admin.unsafe('checkpoint')
    await admin.end()
    const { data = '', base = '' } = at ?? {}
    // a server elsewhere keeps its files to itself
    if (!existsSync(path.join(data, base))) return
    const found: string[] = []
    let read = 0
    for (const folder of [base, 'pg_wal', 'log', 'global'].filter((each) => existsSync(path.join(data, each)))) {
      for (const file of readdirSync(path.join(data, folder))) {
        const bytes = contentOf(path.join(data, folder, file), began)
        read += bytes.includes('Dale Whitcomb') ? 1 : 0
        found.push(...standing(bytes, VALUES, false).map((form) => `${folder}/${file}: ${form}`))
      }
    }
    expect(read).toBeGreaterThan(0)
    expect(found).toEqual([])
  }, 60_000)
})

/** A file's bytes, one sign each; nothing where it was not written since, is a folder or gone by now. */
function contentOf(file: string, since: number): string {
  try {
    return statSync(file).mtimeMs < since ? '' : readFileSync(file, 'latin1')
  } catch {
    return ''
  }
}
