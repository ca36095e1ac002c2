import { setTimeout as pause } from 'node:timers/promises'
import { sql } from 'drizzle-orm'
import { pino } from 'pino'
import postgres from 'postgres'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { type Db, one, rows } from '../db/db.ts'
import type { RunKind } from '../runs/kind.ts'
import { makeRegistry } from '../runs/registry.ts'
import { goRun, mustFind, startRun } from '../runs/service.ts'
import { freshTown, type TestTown } from '../testing/database.ts'
import { smallTown } from '../testing/small-town.ts'
import { toyKind } from '../testing/toy-kind.ts'
import { runningBoss } from './boss.ts'
import { installJobs } from './install.ts'
import { type Jobs, startJobs } from './jobs.ts'
import { endAbandonedRuns, prune } from './store.ts'
import { startTimers } from './timers.ts'

const TODAY = '2026-04-20'
const registry = makeRegistry([toyKind as RunKind])
const log = pino({ level: 'silent' })
let town: TestTown
let db: Db
let jobs: Jobs | undefined
beforeAll(async () => {
  town = await freshTown()
  db = town.db
  await smallTown(db, 5)
})
afterEach(async () => {
  await jobs?.stop()
  jobs = undefined
})
afterAll(() => town.drop())

const start = async (kinds = registry) => {
  jobs = await startJobs({ databases: town.databases, today: () => TODAY, log, registry: kinds, lookSeconds: 1 })
  return jobs
}
const newRun = (amount = '5.00') =>
  startRun(db, registry, { kind: 'test.charges', options: { date: '2026-04-01', amount }, actor: 0 })

async function until<T>(what: () => Promise<T | undefined | false>): Promise<T> {
  for (const end = performance.now() + 20_000; performance.now() < end; await pause(50)) {
    const found = await what()
    if (found) return found
  }
  throw new Error('it did not come')
}
const settled = (runId: number) =>
  until(async () => {
    const run = await mustFind(db, runId)
    return run.state !== 'preparing' && run
  })

describe('jobs', () => {
  it('prepare a run within a moment and make its register after GO', async () => {
    const { send } = await start()
    const runId = await newRun()
    const began = performance.now()
    await send('prepare-run', { runId })
    const run = await settled(runId)
    expect(performance.now() - began).toBeLessThan(1900)
    expect(run).toMatchObject({ state: 'prepared', count: 4 })
    await goRun(db, runId, run.previewHash ?? '', 0)
    await send('register', { runId })
    const files = await until(async () => {
      const found = await rows<{ name: string }>(
        db,
        sql`select name from ledger.run_file where run_id = ${runId} order by name`,
      )
      return found.length === 2 && found.map((file) => file.name)
    })
    expect(files).toEqual(['register.csv', 'register.pdf'])
  })

  it('take up a run whose worker died, from the start', async () => {
    const runId = await newRun()
    const client = town.databases.openPrivate(1)
    const dying = runningBoss(client, 60)
    await dying.start()
    await dying.send('prepare-run', { runId })
    expect(await dying.fetch('prepare-run')).toHaveLength(1)
    await dying.stop({ graceful: false, close: false })
    await client.end()
    // what the dead worker had staged, and its last sign of life
    await db.execute(sql`insert into ledger.staged_account (run_id, account_id, fingerprint, before, after)
      select ${runId}, id, 'half', 0, 0 from account limit 2`)
    await db.execute(
      sql`update jobs.job set heartbeat_on = now() - interval '5 minutes' where data->>'runId' = ${String(runId)}`,
    )
    await start()
    expect(await settled(runId)).toMatchObject({ state: 'prepared', count: 4 })
  })

  it('end a run that was given up: stopped, nothing posted', async () => {
    const { send } = await start()
    const runId = await newRun()
    await (send as (name: string, data: object) => Promise<void>)('prepare-run-stopped', { runId }).catch(() => {})
    expect(await settled(runId)).toMatchObject({ state: 'failed', failure: 'Stopped. Nothing was posted.' })
  })

  it('leave a broken kind saying so', async () => {
    const broken: RunKind = {
      ...(toyKind as RunKind),
      prepare: async () => {
        throw new Error('a fault in the kind')
      },
    }
    const { send } = await start(makeRegistry([broken]))
    const runId = await newRun()
    await send('prepare-run', { runId })
    expect(await settled(runId)).toMatchObject({ state: 'failed', failure: 'Preparing broke off. Nothing was posted.' })
  })
})

describe('the clock', () => {
  it('ends runs that nobody prepares, and only those', async () => {
    const [lost, fresh] = [await newRun(), await newRun()]
    const owner = postgres(town.url, { max: 1 })
    await owner`update ledger.run set prepared_at = now() - interval '1 hour' where id = ${lost}`
    await owner.end()
    await endAbandonedRuns(db)
    expect((await mustFind(db, lost)).state).toBe('failed')
    expect((await mustFind(db, fresh)).state).toBe('preparing')
  })

  it('prunes sessions that ended and request keys older than 30 days', async () => {
    await db.execute(sql`insert into web_session (sid, data, expires_at) values ('old', '{}', now() - interval '1 minute'),
      ('new', '{}', now() + interval '1 hour')`)
    const owner = postgres(town.url, { max: 1 })
    await owner`insert into ledger.request (user_id, path, key, body_hash, at)
      values (0, '/x', 'old', '', now() - interval '31 days'), (0, '/x', 'new', '', now() - interval '29 days')`
    await owner.end()
    await prune(db)
    expect(await rows(db, sql`select sid from web_session`)).toEqual([{ sid: 'new' }])
    expect(await rows(db, sql`select key from ledger.request`)).toEqual([{ key: 'new' }])
  })

  it("does at its start what the town's day brings, which need not be the real one", async () => {
    await db.execute(sql`update account set activity_status = 'Waiting', connect_date = ${TODAY} where number = '1.01'`)
    await db.execute(
      sql`update account set activity_status = 'Waiting', connect_date = ${TODAY}::date + 1 where number = '2.01'`,
    )
    await start()
    const statusOf = async (number: string) =>
      (await one<{ status: string }>(db, sql`select activity_status as status from account where number = ${number}`))
        ?.status
    await until(async () => (await statusOf('1.01')) === 'Current')
    expect(await statusOf('2.01')).toBe('Waiting')
  })

  it('runs each timer again and again, one at a time, whatever fails', async () => {
    let times = 0
    const run = async () => {
      times += 1
      throw new Error('tries again')
    }
    const stop = startTimers(db, log, () => TODAY, [{ what: 'test', every: 5, run }])
    await until(async () => times > 2)
    await stop()
  })
})

describe('installing', () => {
  it('does nothing the second time', async () => {
    const owner = postgres(town.url, { max: 1, onnotice: () => {} })
    const before = await one<{ n: number }>(db, sql`select count(*)::int as n from jobs.queue`)
    await installJobs(owner, town.databases.roles.private)
    await owner.unsafe(`comment on schema jobs is 'older'`)
    await installJobs(owner, town.databases.roles.private)
    await owner.end()
    expect(before?.n).toBe(3)
    expect(await one(db, sql`select count(*)::int as n from jobs.queue`)).toEqual(before)
  })
})
