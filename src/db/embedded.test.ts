import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  chmodSync,
  chownSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import postgres from 'postgres'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { isAlive, sleep } from './embedded/processes.ts'
import { enter } from './embedded/users.ts'
import { type Engine, openEngine } from './embedded.ts'

const USER = path.join(import.meta.dirname, '../testing/engine-user.ts')
// `daemon`, on every Linux.
const ANOTHER_USER = 1
const asRoot = process.getuid?.() === 0

let folder: string
const cleanUp: (() => unknown)[] = []
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'clerkwell-engine-'))
})
afterEach(async () => {
  for (const clean of cleanUp.splice(0).reverse()) await clean()
  rmSync(folder, { recursive: true, force: true })
})

/** Opens the engine here, and sees to it that nothing is left running. */
async function opened(): Promise<Engine> {
  const engine = await openEngine(folder, { durable: false })
  cleanUp.push(async () => {
    await engine.stop()
    await gone(engine.pid)
  })
  return engine
}

/** Opens it in another process, of another user if asked. */
async function openedElsewhere(uid?: number): Promise<{ engine: Engine; child: ChildProcess; leave(): Promise<void> }> {
  const ids = uid === undefined ? {} : { uid, gid: uid }
  const child = spawn(process.execPath, [USER, folder], { ...ids, stdio: ['pipe', 'pipe', 'inherit'] })
  cleanUp.push(() => child.kill('SIGKILL'))
  const [line] = await once(child.stdout, 'data')
  const leave = async () => {
    child.stdin.end()
    await once(child, 'exit')
  }
  return { engine: JSON.parse(String(line)) as Engine, child, leave }
}

async function gone(pid: number): Promise<void> {
  for (let waited = 0; isAlive(pid) && waited < 10_000; waited += 20) await sleep(20)
  expect(isAlive(pid)).toBe(false)
}

async function query<T>(url: string, statement: string): Promise<T> {
  const client = postgres(url, { max: 1, onnotice: () => {} })
  try {
    return [...(await client.unsafe(statement))] as T
  } finally {
    await client.end()
  }
}

async function kill(child: ChildProcess): Promise<void> {
  child.kill('SIGKILL')
  await once(child, 'exit')
}

// A run against another server (TEST_DATABASE_URL) is about that server.
const embedded = describe.skipIf(process.env.TEST_DATABASE_URL)

embedded('the embedded engine', () => {
  it('is made on first use: an owner who is no superuser, checksums on, one sort order everywhere', async () => {
    const engine = await opened()
    expect(engine.adopted).toBe(false)
    expect(
      await query(
        engine.url,
        `select current_user as owner, current_database() as database, current_setting('is_superuser') as super,
           current_setting('data_checksums') as checksums, 'B' < 'a' as bytewise`,
      ),
    ).toEqual([{ owner: 'clerkwell', database: 'clerkwell', super: 'off', checksums: 'on', bytewise: true }])
  })

  it('keeps its passwords to its user and lets nobody in without one', async () => {
    const engine = await opened()
    for (const name of ['superuser-password', 'owner-password']) {
      expect(statSync(path.join(folder, 'engine', name)).mode & 0o777).toBe(0o600)
    }
    const wrong = engine.url.replace(/:[0-9a-f]{48}@/, ':guess@')
    expect(wrong).not.toBe(engine.url)
    await expect(query(wrong, 'select 1')).rejects.toThrow('password authentication failed')
  })

  it('is shared by a second process, and whoever leaves last stops it', async () => {
    const other = await openedElsewhere()
    const mine = await openEngine(folder)
    expect([other.engine.adopted, mine.adopted, mine.pid]).toEqual([false, true, other.engine.pid])
    await other.leave()
    expect(await query(mine.url, 'select 1 as one')).toEqual([{ one: 1 }])
    await mine.stop()
    await gone(mine.pid)
    expect(readdirSync(path.join(folder, 'users'))).toEqual([])
  })

  it('one who comes and goes does not stop it for another', async () => {
    const mine = await opened()
    await (await openedElsewhere()).leave()
    expect(await query(mine.url, 'select 1 as one')).toEqual([{ one: 1 }])
  })

  it('starts once when five open it at the same moment', async () => {
    const engines = await Promise.all(Array.from({ length: 5 }, () => openEngine(folder, { durable: false })))
    expect(new Set(engines.map((engine) => engine.pid)).size).toBe(1)
    expect(engines.filter((engine) => !engine.adopted)).toHaveLength(1)
    await Promise.all(engines.map((engine) => engine.stop()))
    await gone(engines[0]!.pid)
  })

  it('left running by a killed process, it is taken over and stopped in the end', async () => {
    const { engine, child } = await openedElsewhere()
    await query(engine.url, 'create table kept as select 7 as figure')
    await kill(child)
    const mine = await openEngine(folder)
    expect([mine.adopted, mine.pid]).toEqual([true, engine.pid])
    expect(await query(mine.url, 'select figure from kept')).toEqual([{ figure: 7 }])
    await mine.stop()
    await gone(mine.pid)
  })

  it('killed while in use, it starts again by itself on the same port and has lost nothing', async () => {
    const engine = await openEngine(folder)
    const pool = postgres(engine.url, { max: 2, onnotice: () => {} })
    await pool`create table kept (figure int)`
    for (let figure = 0; figure < 100; figure++) await pool`insert into kept values (${figure})`
    // The old server's backends may answer for a moment yet, so ask until a new server does.
    const ask = () => pool`select count(*)::int as count, pg_postmaster_start_time()::text as since from kept`
    const [before] = await ask()
    process.kill(engine.pid, 'SIGKILL')
    let now = before
    for (let waited = 0; now?.since === before?.since && waited < 30_000; waited += 100) {
      await sleep(100)
      now = await ask().then(
        ([row]) => row,
        () => before,
      )
    }
    expect(now?.since).not.toBe(before?.since)
    expect(now?.count).toBe(100)
    await pool.end({ timeout: 1 })
    await engine.stop()
  })

  it('starts though its file names a process that is by now another', async () => {
    const { engine, child } = await openedElsewhere()
    await kill(child)
    process.kill(engine.pid, 'SIGKILL')
    await gone(engine.pid)
    const file = path.join(folder, 'engine/cluster/postmaster.pid')
    const stranger = spawn('sleep', ['600'], asRoot ? { uid: statSync(file).uid } : {})
    cleanUp.push(() => stranger.kill())
    writeFileSync(file, readFileSync(file, 'utf8').replace(/^\d+/, String(stranger.pid)))
    const mine = await opened()
    expect(mine.adopted).toBe(false)
    expect(isAlive(stranger.pid!)).toBe(true)
  })

  it('ends with its users even when its folder was taken away', async () => {
    const engine = await openEngine(folder, { durable: false })
    rmSync(folder, { recursive: true, force: true })
    await engine.stop()
    await gone(engine.pid)
  })

  it.runIf(asRoot)('below a folder closed to others it lives in /var/lib, and a link leads there', async () => {
    const closed = folder
    folder = path.join(closed, 'data')
    const engine = await opened()
    const link = path.join(folder, 'engine')
    const place = readlinkSync(link)
    cleanUp.unshift(() => {
      rmSync(place, { recursive: true })
      rmSync(closed, { recursive: true })
    })
    expect(place).toMatch(/^\/var\/lib\/clerkwell-/)
    expect(await query(engine.url, 'select 1 as one')).toEqual([{ one: 1 }])
  })

  it.runIf(asRoot)('serves root and its own user alike, and goes on running as that user', async () => {
    chmodSync(folder, 0o755)
    chownSync(folder, ANOTHER_USER, ANOTHER_USER)
    const other = await openedElsewhere(ANOTHER_USER)
    await other.leave()
    const mine = await opened()
    expect(statSync(path.join(folder, 'engine/cluster')).uid).toBe(ANOTHER_USER)
    expect(readFileSync(`/proc/${mine.pid}/status`, 'utf8')).toMatch(/^Uid:\t1\t/m)
  })
})

embedded('the embedded engine refuses', () => {
  it('a cluster of another major version, naming both', async () => {
    await (await openEngine(folder, { durable: false })).stop()
    writeFileSync(path.join(folder, 'engine/cluster/PG_VERSION'), '17\n')
    await expect(openEngine(folder)).rejects.toThrow(/holds a PostgreSQL 17 database .* brings PostgreSQL 18/)
  })

  it('a folder whose engine cannot start, with the last words of its log, and leaves no user behind', async () => {
    await expect(openEngine(folder, { durable: false, settings: { shared_buffers: 'much' } })).rejects.toThrow(
      /invalid value for parameter "shared_buffers"/,
    )
    expect(readdirSync(path.join(folder, 'users'))).toEqual([])
  })

  it('a folder in use in another container, until that one is silent for a while', async () => {
    const users = path.join(folder, 'users')
    const { leave } = await enter(users)
    const file = path.join(users, readdirSync(users)[0]!)
    writeFileSync(file, JSON.stringify({ pid: 7, born: '1', host: 'another-container' }))
    await expect(enter(users, 1_000)).rejects.toThrow(/in use on another machine or in another container/)
    leave()
    writeFileSync(file, JSON.stringify({ pid: 7, born: '1', host: 'another-container' }))
    utimesSync(file, new Date(Date.now() - 16_000), new Date(Date.now() - 16_000))
    const mine = await enter(users, 1_000)
    expect(readdirSync(users)).toHaveLength(1)
    mine.leave()
  })
})
