import { existsSync } from 'node:fs'
import postgres from 'postgres'
import { log } from '../log.ts'
import { type Folder, passwordOf, prepareFolder } from './embedded/folder.ts'
import { birthOf, isAlive } from './embedded/processes.ts'
import { makeCluster, running, type Server, type ServerOptions, start, stop } from './embedded/server.ts'
import { enter, inTurn, inUse } from './embedded/users.ts'

const OWNER = 'clerkwell'
const WATCH_MS = 500

export interface Engine {
  /** The owner's address: the database `clerkwell`. */
  url: string
  /** The superuser's, which only makes the owner; tests make databases with it. */
  superuserUrl: string
  pid: number
  port: number
  /** The server was running already: another process uses it, or a killed one left it. */
  adopted: boolean
  /** Leaves the engine; whoever leaves last stops the server. */
  stop(): Promise<void>
}

const address = (user: string, password: string, port: number, database: string) =>
  `postgres://${user}:${password}@127.0.0.1:${port}/${database}`

/** The superuser makes the owner and its database and is not used again. */
async function makeOwner(superuserUrl: string, password: string): Promise<void> {
  const client = postgres(superuserUrl, { max: 1, connect_timeout: 10, onnotice: () => {} })
  try {
    const [role] = await client`select 1 from pg_roles where rolname = ${OWNER}`
    if (!role) await client.unsafe(`create role ${OWNER} login createrole createdb password '${password}'`)
    const [database] = await client`select 1 from pg_database where datname = ${OWNER}`
    if (!database) await client.unsafe(`create database ${OWNER} owner ${OWNER}`)
  } finally {
    await client.end({ timeout: 5 })
  }
}

const isThere = (server: Server) => isAlive(server.pid) && birthOf(server.pid) === server.born

/** Starts the server again when it dies while we use it. On the same port, so the pools come back by themselves. */
function watch(folder: Folder, options: ServerOptions, first: Server) {
  let current = first
  let busy: Promise<void> = Promise.resolve()
  let working = false
  const revive = async () => {
    working = true
    try {
      current = await inTurn(folder.turn, async () => running(folder) ?? (await start(folder, options)))
      log.warn('The embedded PostgreSQL had ended unexpectedly and runs again.')
    } catch (error) {
      log.error(error, 'The embedded PostgreSQL has ended and could not be started again.')
    } finally {
      working = false
    }
  }
  const timer = setInterval(() => {
    if (!working && !isThere(current) && existsSync(folder.cluster)) busy = revive()
  }, WATCH_MS).unref()
  return async () => {
    clearInterval(timer)
    await busy
    return current
  }
}

/**
 * Opens the embedded PostgreSQL of a data folder: makes it the first time, starts it, or takes over the one that runs.
 * Any number of processes may use one folder; each holds a file with its number in `users/`, and whoever leaves last
 * stops the server. Refuses a folder of another major version and one in use on another machine.
 */
export async function openEngine(place: string, given: Partial<ServerOptions> = {}): Promise<Engine> {
  const options: ServerOptions = { durable: given.durable ?? true, settings: given.settings ?? {} }
  const folder = prepareFolder(place)
  const user = await enter(folder.users)
  try {
    return await inTurn(folder.turn, async () => {
      makeCluster(folder, options)
      const found = running(folder)
      const server = found ?? (await start(folder, options))
      const superuserUrl = address('postgres', passwordOf(folder, 'superuser').password, server.port, 'postgres')
      const owner = passwordOf(folder, 'owner').password
      await makeOwner(superuserUrl, owner)
      const stopWatching = watch(folder, options, server)
      return {
        url: address(OWNER, owner, server.port, OWNER),
        superuserUrl,
        pid: server.pid,
        port: server.port,
        adopted: found !== undefined,
        async stop() {
          const last = await stopWatching()
          await leave(folder, user, last)
        },
      }
    })
  } catch (error) {
    await leave(folder, user)
    throw error
  }
}

async function leave(folder: Folder, user: { leave(): void }, known?: Server): Promise<void> {
  // Somebody took the folder away: there is no one left to ask.
  if (!existsSync(folder.users)) {
    user.leave()
    if (known) await stop(known)
    return
  }
  await inTurn(folder.turn, async () => {
    user.leave()
    const server = running(folder)
    if (server && !inUse(folder.users)) await stop(server)
  })
}
