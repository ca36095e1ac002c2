import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { sql } from 'drizzle-orm'
import postgres from 'postgres'
import { addUser } from '../auth/service.ts'
import { addToken } from '../auth/tokens.ts'
import { benchEngine, benchTown } from '../bench/bench.ts'
import { makePeriods, makeTown, stageBills } from '../bench/town.ts'
import { type Db, one } from '../db/db.ts'
import { checkLedger } from '../ledger/check.ts'
import { RUN_KINDS } from '../run-kinds.ts'
import { reverseRun } from '../runs/reverse.ts'
import { goRun, mustFind, prepareRun, startRun } from '../runs/service.ts'

const TODAY = '2021-06-20'

/** A durable engine with a town of certified accounts, and everything needed to press GO over HTTP and pull the plug. */
export async function killTown(accounts: number) {
  const engine = await benchEngine()
  const town = await benchTown(engine)
  await makeTown(town.owner, accounts)
  await town.owner`insert into setting (name, value) values ('current_period', '2021-06-30'), ('certification_fee_amount', '25.00')`
  for (const period of await makePeriods(town.owner, 5)) {
    const { run, hash } = await stageBills(town.owner, period)
    await town.owner`select ledger.post_run(${run}, ${hash}, 0)`
  }
  await makePeriods(town.owner, 6)
  const db = town.databases.private
  await addUser(db, { name: 'killer', role: 'administrator', password: 'a long enough password 1' })
  const token = await addToken(db, 'killer', 'test')
  await posted(db, 'tax-certification.create-records', { date: '2021-06-15', taxYear: 2021 })
  return {
    engine,
    db,
    token,
    url: town.url,
    async close() {
      await town.close().catch(() => {})
      await engine.remove()
    },
  }
}

export type KillTown = Awaited<ReturnType<typeof killTown>>

async function posted(db: Db, kind: string, options: unknown): Promise<void> {
  const run = await prepareRun(db, RUN_KINDS, await startRun(db, RUN_KINDS, { kind, options, actor: 0 }), TODAY)
  await goRun(db, run.id, run.previewHash ?? '', 0)
}

/** A server of its own on the town's database; `address` when it is ready. */
async function startServer(town: KillTown): Promise<{ child: ChildProcess; address: string }> {
  const child = spawn(process.execPath, [path.join(import.meta.dirname, '../main.ts')], {
    env: {
      ...process.env,
      DATABASE_URL: town.url,
      PORT: '0',
      CLERKWELL_TODAY: TODAY,
      CLERKWELL_TEST: '1',
      LOG_LEVEL: 'silent',
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  for await (const chunk of child.stdout as AsyncIterable<Buffer>) {
    const ready = /ready at (http:\S+)/.exec(chunk.toString())
    if (ready?.[1]) return { child, address: ready[1] }
  }
  throw new Error('the server did not start')
}

export type Victim = 'server' | 'postgres'

/** Kills the postmaster and every backend at once, as a power cut would. */
function killPostgres(pid: number): void {
  const children = readdirSync('/proc').filter((name) => /^\d+$/.test(name) && parentOf(name) === pid)
  for (const victim of [pid, ...children.map(Number)]) {
    try {
      process.kill(victim, 'SIGKILL')
    } catch {
      // gone already
    }
  }
}

function parentOf(pid: string): number {
  try {
    return Number(/^PPid:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1])
  } catch {
    return -1
  }
}

/**
 * One round: prepares Update Customer Balances, presses GO over HTTP, kills the victim after `wait` ms, and reports how
 * many transactions stand before and after a retry with the same preview. Reverses the run, so that rounds are alike.
 */
export async function round(town: KillTown, victim: Victim, wait: number) {
  const { db } = town
  const server = await startServer(town)
  const runId = await startRun(db, RUN_KINDS, {
    kind: 'tax-certification.update-customer-balances',
    options: { date: '2021-06-20', include: { unupdated: true } },
    actor: 0,
  })
  const run = await prepareRun(db, RUN_KINDS, runId, TODAY)
  const going = fetch(`${server.address}/api/v1/runs/${runId}/go`, {
    method: 'POST',
    headers: { authorization: `Bearer ${town.token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ previewHash: run.previewHash }),
  }).then(
    (answer) => answer.status,
    () => 0,
  )
  await new Promise((done) => setTimeout(done, wait))
  if (victim === 'postgres') killPostgres(await postmaster(town))
  server.child.kill('SIGKILL')
  if (server.child.exitCode === null && server.child.signalCode === null) await once(server.child, 'exit')
  const status = await going
  await quiet(town)
  const before = await count(db, runId)
  const after = await goRun(db, runId, run.previewHash ?? '', 0).then(() => count(db, runId))
  const faults = (await checkLedger(db)).filter((check) => check.faults > 0).map((check) => check.name)
  await reverseRun(db, RUN_KINDS, { runId, reason: 'next round', withDependents: false, actor: 0, today: TODAY })
  return { status, before, after, expected: await expectedCount(db, runId), faults }
}

async function postmaster(town: KillTown): Promise<number> {
  const found = readdirSync('/proc').find((pid) => {
    try {
      const words = readFileSync(`/proc/${pid}/cmdline`, 'utf8')
      return /postgres/.test(words) && words.includes(String(town.engine.port)) && /-D/.test(words)
    } catch {
      return false
    }
  })
  if (!found) throw new Error('no postmaster')
  return Number(found)
}

/** Until PostgreSQL answers and no backend of the killed server is at work. */
async function quiet(town: KillTown): Promise<void> {
  for (let tries = 0; tries < 200; tries += 1) {
    const client = postgres(town.url, { max: 1, connect_timeout: 2, onnotice: () => {} })
    try {
      const [row] = await client<{ busy: number }[]>`select count(*)::int as busy from pg_stat_activity
        where datname = current_database() and pid <> pg_backend_pid() and state = 'active'`
      if (row?.busy === 0) return
    } catch {
      // not up yet
    } finally {
      await client.end({ timeout: 1 }).catch(() => {})
    }
    await new Promise((done) => setTimeout(done, 100))
  }
  throw new Error('PostgreSQL did not come back')
}

const count = async (db: Db, runId: number) =>
  (await one<{ n: number }>(db, sql`select count(*)::int as n from ledger.transaction where run_id = ${runId}`))?.n ??
  -1

const expectedCount = async (db: Db, runId: number) =>
  (
    await one<{ n: number }>(
      db,
      sql`select transaction_count as n from ledger.run where id = ${(await mustFind(db, runId)).id}`,
    )
  )?.n ?? -2
