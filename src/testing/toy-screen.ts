import { sql } from 'drizzle-orm'
import { z } from 'zod'
import { pages as auth } from '../auth/pages.ts'
import { type Db, one } from '../db/db.ts'
import { formatDay } from '../ledger/calendar.ts'
import type { RunKind } from '../runs/kind.ts'
import { runPages } from '../runs/pages.ts'
import { makeRegistry } from '../runs/registry.ts'
import { runScreens } from '../runs/screens.ts'
import { defineForm, field } from '../web/form.ts'
import { codeInput, dateInput, moneyInput, optional } from '../web/inputs.ts'
import { appFor, type Browser, signedIn } from './browser.ts'
import { freshTown } from './database.ts'
import { smallTown } from './small-town.ts'
import { toyKind } from './toy-kind.ts'

const kind: RunKind<{ date: string; amount: string; code?: string | undefined }> = {
  ...toyKind,
  columns: [{ type: 'Misc', label: 'Charge' }],
  defaults: async (_db, today) => ({ date: today, amount: '5.00' }),
  explain: () => ['Everyone pays the same.'],
}

const form = defineForm({
  date: field(dateInput(), { label: 'Date', input: 'date' }),
  amount: field(moneyInput(), { label: 'Amount', input: 'money' }),
  code: field(optional(codeInput()), { label: 'Collection code' }),
})

const screen = runScreens(kind, {
  form,
  show: (options) => options,
  read: ({ amount, ...typed }) => ({ ...typed, amount: amount.toFixed(2) }),
  aside: { title: 'Update customer accounts', fields: ['code'] },
  fresh: ['date'],
  help: 'tax-certification/help-create.njk',
})

/** A routine that posts nothing and makes a file of the one it read. */
const fileKind: RunKind<{ title: string; content: string }> = {
  menu: toyKind.menu,
  may: toyKind.may,
  factsKind: toyKind.factsKind,
  kind: 'test.file',
  title: 'Toy file',
  path: '/billing/toy-file',
  options: z.strictObject({ title: z.string(), content: z.string() }),
  receives: {
    option: 'content',
    mediaType: 'text/csv',
    fileName: () => 'county.csv',
    holdsPrivate: async (_db, content) => content.includes('private'),
  },
  async prepare({ stage }, { title, content }) {
    stage.file('copy.txt', 'text/plain', Buffer.from(`${title}: ${content}`), false)
    return {}
  },
}

const fileScreen = runScreens(fileKind, {
  form: defineForm({ title: field(codeInput(), { label: 'Title' }) }),
  show: (options) => options,
  read: ({ title }, { file, before }) => ({ title, content: file ? file.bytes.toString() : before?.content }),
  file: { name: 'file', label: 'The file', accept: '.csv', hint: 'As it came.' },
})

/** The toy routine with charges. */
export const toyRegistry = makeRegistry([kind as RunKind, fileKind as RunKind])

export const TODAY = '2026-04-20'
export const PATH = '/billing/toy-charges'
export const OPTIONS = { date: formatDay(TODAY), amount: '5.00' }

/** The toy routine with its screen on a small town of six customers, and somebody of three roles. */
export async function toyTown() {
  const town = await freshTown()
  await smallTown(town.db, 6)
  await town.db.execute(sql`insert into collection_code (code, name) values ('TAX', 'Certified')`)
  const features = [auth, screen, fileScreen, runPages(toyRegistry)]
  const app = appFor(town, { today: TODAY, features })
  const clerk = await signedIn(town, 'clerk', app)
  const supervisor = await signedIn(town, 'supervisor', app)
  const admin = await signedIn(town, 'administrator', app)
  return { town, db: town.db, app, clerk, supervisor, admin }
}

export const hashIn = (html: string): string => /name="hash" value="([0-9a-f]+)"/.exec(html)?.[1] ?? ''

/** Previews, and answers the page with the preview. */
export async function previewed(by: Browser, fields: Record<string, string> = {}) {
  const answer = await by.post(`${PATH}/preview`, { ...OPTIONS, ...fields })
  if (answer.status !== 303) throw new Error(`${answer.status}: ${answer.text}`)
  const url = answer.headers.location as string
  const page = await by.get(url)
  return { run: url.split('run=')[1] ?? '', url, html: page.text, hash: hashIn(page.text) }
}

export const go = (by: Browser, run: string, hash: string) => by.post(`${PATH}/go`, { run, hash })

/** How many transactions a run has posted. */
export async function postedBy(db: Db, run: string): Promise<number | undefined> {
  const found = await one<{ n: number }>(
    db,
    sql`select count(*)::int as n from ledger.transaction where run_id = ${run}::bigint`,
  )
  return found?.n
}
