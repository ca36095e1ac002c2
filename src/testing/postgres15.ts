// Runs the database tests against Debian's PostgreSQL 15, the oldest version that is supported, in a folder of its own.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { chownSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import net from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'

const BINARIES = '/usr/lib/postgresql/15/bin'
const ROOT = path.join(import.meta.dirname, '../..')
// PostgreSQL never runs as root; `nobody` is there on every Linux.
const ids = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {}

const freePort = () =>
  new Promise<number>((done) => {
    const probe = net.createServer().listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as net.AddressInfo
      probe.close(() => done(port))
    })
  })

function start(folder: string, port: number): ChildProcess {
  const cluster = path.join(folder, 'cluster')
  const how = ['-D', cluster, '-U', 'postgres', '--auth', 'trust', '-E', 'UTF8', '--locale=C.UTF-8', '--no-sync']
  const made = spawnSync(path.join(BINARIES, 'initdb'), how, { ...ids, cwd: '/' })
  if (made.status !== 0) throw new Error(`initdb: ${made.error?.message ?? made.stderr}`)
  const off = ['fsync=off', 'synchronous_commit=off', 'full_page_writes=off']
  const settings = ['listen_addresses=127.0.0.1', 'unix_socket_directories=', 'max_connections=300', ...off]
  const flags = settings.flatMap((setting) => ['-c', setting])
  return spawn(path.join(BINARIES, 'postgres'), ['-D', cluster, '-p', String(port), ...flags], {
    ...ids,
    cwd: '/',
    stdio: ['ignore', 'ignore', 'ignore'],
  })
}

async function untilReady(folder: string, server: ChildProcess): Promise<void> {
  const file = path.join(folder, 'cluster/postmaster.pid')
  const ready = () => existsSync(file) && readFileSync(file, 'utf8').split('\n')[7]?.startsWith('ready')
  while (!ready()) {
    if (server.exitCode !== null) throw new Error('PostgreSQL 15 did not start')
    await new Promise((done) => setTimeout(done, 50))
  }
}

async function main(): Promise<number> {
  if (!existsSync(path.join(BINARIES, 'postgres'))) {
    console.error(`There is no PostgreSQL 15 in ${BINARIES}. On Debian 12: apt-get install postgresql-15`)
    return 1
  }
  const folder = mkdtempSync(path.join(tmpdir(), 'clerkwell-15-'))
  if (ids.uid !== undefined) chownSync(folder, ids.uid, ids.gid)
  const port = await freePort()
  const server = start(folder, port)
  try {
    await untilReady(folder, server)
    const vitest = path.join(ROOT, 'node_modules/.bin/vitest')
    const env = { ...process.env, TEST_DATABASE_URL: `postgres://postgres@127.0.0.1:${port}/postgres` }
    const args = ['run', '--project=db', '--project=alone', ...process.argv.slice(2)]
    return spawnSync(vitest, args, { cwd: ROOT, stdio: 'inherit', env }).status ?? 1
  } finally {
    server.kill('SIGQUIT')
    if (server.exitCode === null) await once(server, 'exit')
    rmSync(folder, { recursive: true, force: true })
  }
}

process.exitCode = await main()
