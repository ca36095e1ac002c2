import { type ChildProcess, spawn } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { addUser } from '../auth/service.ts'
import { startSession } from '../auth/session.ts'
import type { Engine } from '../db/embedded.ts'
import { benchTown, type Figure, figure } from './bench.ts'
import { makePeriods, makeTown, stageBills, stagePayments } from './town.ts'

const MONTHS = 120
const ACCOUNTS = 20
const REQUESTS = 80
// As from a few clerks. One at a time, both servers sleep between PostgreSQL's answers, and waking up costs more than a
// page: one that only slept 5 ms longer was charged 0.7 ms more.
const AT_ONCE = 8
// A town's server runs for weeks: what its compiler still learns in the first minute is no page's cost.
const WARMING = 15
// Many short ones: a shared machine halves its speed for seconds at a time.
const ROUNDS = 15
// What the compiler makes of the same program differs from start to start, by a tenth of a page.
const STARTS = 5

/** CPU time of a signed-in account page with ten years of history, against a bare page with three queries. */
export async function accountPage(engine: Engine): Promise<Figure[]> {
  const town = await benchTown(engine)
  const { owner, databases } = town
  await makeTown(owner, ACCOUNTS)
  const periods = await makePeriods(owner, MONTHS)
  for (const [place, period] of periods.entries()) {
    await post(await stageBills(owner, period))
    const next = periods[place + 1]
    if (next) await post(await stagePayments(owner, period, next))
  }
  await owner`insert into setting (name, value) values ('current_period', ${periods.at(-1) ?? ''})`
  await owner`analyze`
  const userId = await addUser(databases.private, {
    name: 'bench',
    role: 'clerk',
    password: 'a long enough password 1',
  })
  const [login = ''] = (await startSession(databases.app, userId)).split(';')
  const env = {
    DATABASE_URL: town.url,
    PORT: '0',
    CLERKWELL_TODAY: periods.at(-1) ?? '',
    CLERKWELL_TEST: '1',
    LOG_LEVEL: 'silent',
  }
  const pairs = []
  for (let n = 0; n < STARTS; n += 1) pairs.push(...(await sideBySide(town.url, env, login)))
  await town.close()
  return [figure('account page, signed in, ten years of history, CPU a page', 1.6, pairs, 'ms CPU')]

  async function post({ run, hash }: { run: string; hash: string }) {
    await owner`select ledger.post_run(${run}, ${hash}, 0)`
    await owner`select ledger.sweep_staged(${run})`
  }
}

/** Both servers, started anew, in turns. */
async function sideBySide(url: string, env: Record<string, string>, login: string) {
  const ours = await serve('../main.ts', [], env)
  const bare = await serve('bare-page.ts', [url, '1'], {})
  const cookie = await withSession(ours.address, login)
  const round = async () => ({ ours: await cpuOf(ours, '/accounts/1.01', cookie), bare: await cpuOf(bare, '/', '') })
  for (let n = 0; n < WARMING; n += 1) await round()
  const pairs = []
  for (let n = 0; n < ROUNDS; n += 1) pairs.push(await round())
  ours.child.kill('SIGTERM')
  bare.child.kill('SIGTERM')
  return pairs
}

/** The cookies of a browser that has been here before: the sign-in and the web session of its first page. */
async function withSession(address: string, login: string): Promise<string> {
  const first = await fetch(`${address}/accounts/1.01`, { headers: { cookie: login } })
  await first.text()
  return [login, ...first.headers.getSetCookie().map((line) => line.split(';')[0] ?? '')].join('; ')
}

interface Served {
  child: ChildProcess
  address: string
}

async function serve(file: string, args: string[], env: Record<string, string>): Promise<Served> {
  const child = spawn(process.execPath, [path.join(import.meta.dirname, file), ...args], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  for await (const chunk of child.stdout as AsyncIterable<Buffer>) {
    const ready = /ready at (http:\S+)/.exec(chunk.toString())
    if (ready?.[1]) return { child, address: ready[1] }
  }
  throw new Error(`${file} did not start`)
}

/** Milliseconds of CPU that the server spends on a page, by the system's own account of its threads. */
async function cpuOf(served: Served, address: string, cookie: string): Promise<number> {
  const from = cpuTime(served.child.pid)
  for (let n = 0; n < REQUESTS; n += AT_ONCE) {
    await Promise.all(Array.from({ length: AT_ONCE }, () => open(served.address + address, cookie)))
  }
  return (cpuTime(served.child.pid) - from) / REQUESTS
}

async function open(address: string, cookie: string): Promise<void> {
  const answer = await fetch(address, { headers: { cookie }, redirect: 'manual' })
  const text = await answer.text()
  if (answer.status !== 200 || !text.includes('1.01')) throw new Error(`${address} answered ${answer.status}`)
}

/** Milliseconds so far, to the nanosecond: in ticks of 10 ms a round of the bare page would be ten. */
function cpuTime(pid: number | undefined): number {
  const threads = `/proc/${pid}/task`
  const spent = (thread: string) => Number(readFileSync(`${threads}/${thread}/schedstat`, 'utf8').split(' ')[0])
  return readdirSync(threads).reduce((sum, thread) => sum + spent(thread), 0) / 1e6
}
