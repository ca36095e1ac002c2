import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { closeSync, existsSync, openSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs'
import net from 'node:net'
import path from 'node:path'
import { CannotStart } from '../../errors.ts'
import { binaries } from './binaries.ts'
import { type Folder, isRoot, passwordOf, writePrivate } from './folder.ts'
import { birthOf, commandOf, isAlive, sleep } from './processes.ts'

export interface Server {
  pid: number
  born: string
  port: number
}

export interface ServerOptions {
  /** False in tests only: nothing is forced to disk. */
  durable: boolean
  /** Further settings, by name. */
  settings: Record<string, string>
}

const LAST_LINES = 8
const RETRY_SECONDS = 60
const LOG_LIMIT = 10_000_000
// What passes by itself: old backends or an unburied process after kill -9, and a port somebody took in between.
const PASSES = /pre-existing shared memory block|lock file .* already exists|could not bind|address already in use/i

// Nothing of our own environment is handed on: it may hold passwords. Windows needs its own to run at all.
const environment = (extra: Record<string, string> = {}) =>
  process.platform === 'win32' ? {} : { env: { PATH: '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC', ...extra } }

/** Makes the cluster. It is built aside and renamed, so a killed attempt leaves no half of one. */
export function makeCluster(folder: Folder, options: ServerOptions): void {
  const versionFile = path.join(folder.cluster, 'PG_VERSION')
  const { initdb, major } = binaries(isRoot())
  if (existsSync(versionFile)) {
    const theirs = readFileSync(versionFile, 'utf8').trim()
    if (theirs === major) return
    throw new CannotStart(
      `The data folder ${folder.root} holds a PostgreSQL ${theirs} database and this Clerkwell brings PostgreSQL ${major}. Make a backup with the version that wrote it and restore it into a new folder.`,
    )
  }
  const unfinished = `${folder.cluster}.new`
  rmSync(unfinished, { recursive: true, force: true })
  const { file } = passwordOf(folder, 'superuser')
  const how = ['-D', unfinished, '-U', 'postgres', '--pwfile', file, '--auth', 'scram-sha-256', '-E', 'UTF8']
  // The built-in locale sorts alike on every machine; the host's would change with its C library.
  const locale = ['--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--locale=C', '--data-checksums']
  const sync = options.durable ? [] : ['--no-sync']
  const made = spawnSync(initdb, [...how, ...locale, ...sync], { ...folder.ids, ...environment(), cwd: '/' })
  if (made.status !== 0) throw new CannotStart(`PostgreSQL's initdb failed: ${made.error?.message ?? made.stderr}`)
  renameSync(unfinished, folder.cluster)
}

interface PidFile {
  pid: number
  port: number
  ready: boolean
}

function pidFile(folder: Folder): PidFile | undefined {
  try {
    const lines = readFileSync(path.join(folder.cluster, 'postmaster.pid'), 'utf8').split('\n')
    return { pid: Number(lines[0]), port: Number(lines[3]), ready: lines[7]?.startsWith('ready') ?? false }
  } catch {
    return undefined
  }
}

/** The server that runs on this cluster now, left by a killed process or used by another. */
export function running(folder: Folder): Server | undefined {
  const found = pidFile(folder)
  if (!found?.ready || !isAlive(found.pid)) return undefined
  // After a container's restart the number may by now be some other process's.
  if (commandOf(found.pid)?.includes(folder.cluster) === false) return undefined
  return { pid: found.pid, born: birthOf(found.pid), port: found.port }
}

const listen = (port: number) =>
  new Promise<number | undefined>((done) => {
    const probe = net.createServer().once('error', () => done(undefined))
    probe.listen(port, '127.0.0.1', () => {
      const taken = (probe.address() as net.AddressInfo).port
      probe.close(() => done(taken))
    })
  })

/** The port of last time where it is free, so that the pools of a running application find the restarted server. */
async function choosePort(folder: Folder): Promise<number> {
  const file = path.join(folder.engine, 'port')
  const before = existsSync(file) ? Number(readFileSync(file, 'utf8')) : 0
  const port = (await listen(before)) ?? (await listen(0))
  if (port === undefined) throw new CannotStart('No port is free on 127.0.0.1 for the embedded PostgreSQL.')
  writePrivate(folder, 'port', String(port))
  return port
}

function launch(folder: Folder, port: number, options: ServerOptions): ChildProcess {
  const settings: Record<string, string> = {
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    max_connections: '100',
    shared_buffers: '128MB',
    ...(options.durable ? {} : { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' }),
    ...options.settings,
  }
  const flags = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])
  // postmaster.pid is never removed by us: it also guards against backends that outlived their server. Where it names
  // a process that is not one, this tells PostgreSQL so and leaves all its other checks in force.
  const stale = pidFile(folder)?.pid
  const log = openSync(path.join(folder.engine, 'postgres.log'), 'a', 0o600)
  const child = spawn(binaries(isRoot()).postgres, ['-D', folder.cluster, '-p', String(port), ...flags], {
    ...folder.ids,
    ...environment(stale ? { PG_GRANDPARENT_PID: String(stale) } : {}),
    cwd: '/',
    // A process group of its own: Ctrl-C reaches the application first, which then stops the server in order.
    detached: true,
    stdio: ['ignore', log, log],
  })
  closeSync(log)
  return child
}

/** Waits until it takes connections; undefined when it ended instead. Recovery after a crash may take its time. */
async function untilReady(folder: Folder, child: ChildProcess): Promise<Server | undefined> {
  let ended = child.pid === undefined
  child.once('exit', () => {
    ended = true
  })
  child.once('error', () => {
    ended = true
  })
  while (!ended) {
    const now = pidFile(folder)
    // A stale file says "ready" too.
    if (now?.ready && now.pid === child.pid) return { pid: now.pid, born: birthOf(now.pid), port: now.port }
    await sleep(20)
  }
  return undefined
}

const logSince = (file: string, from: number) => readFileSync(file).subarray(from).toString('utf8')

/** Starts the server and waits until it takes connections. Retries for a minute what passes by itself. */
export async function start(folder: Folder, options: ServerOptions): Promise<Server> {
  const log = path.join(folder.engine, 'postgres.log')
  if ((statSync(log, { throwIfNoEntry: false })?.size ?? 0) > LOG_LIMIT) renameSync(log, `${log}.1`)
  const until = Date.now() + RETRY_SECONDS * 1000
  for (let pause = 100; ; pause = Math.min(pause * 2, 2000)) {
    const before = statSync(log, { throwIfNoEntry: false })?.size ?? 0
    const child = launch(folder, await choosePort(folder), options)
    const server = await untilReady(folder, child)
    child.unref()
    if (server) return server
    const said = logSince(log, before)
    if (!PASSES.test(said) || Date.now() > until) {
      const lines = said.trim().split('\n').slice(-LAST_LINES).join('\n')
      throw new CannotStart(`The embedded PostgreSQL did not start. Its last words, from ${log}:\n${lines}`)
    }
    await sleep(pause)
  }
}

/** Stops it in order (open transactions are rolled back); after half a minute at once, to be recovered at the next start. */
export async function stop(server: Server): Promise<void> {
  const there = () => isAlive(server.pid) && birthOf(server.pid) === server.born
  const patience = Date.now() + 30_000
  if (there()) process.kill(server.pid, 'SIGINT')
  while (there()) {
    if (Date.now() > patience) process.kill(server.pid, 'SIGQUIT')
    await sleep(20)
  }
}
