import { randomBytes } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import path from 'node:path'
import { CannotStart } from '../../errors.ts'
import { birthOf, isAlive, sleep } from './processes.ts'

interface Holder {
  pid: number
  born: string
  host: string
}

const BEAT_MS = 5_000
const STALE_MS = 15_000

const me = (): Holder => ({ pid: process.pid, born: birthOf(process.pid), host: hostname() })

function holderOf(file: string): Holder | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Holder
  } catch {
    return undefined
  }
}

const age = (file: string) => Date.now() - (statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0)
const isForeign = (holder: Holder) => holder.host !== hostname()

/** Still there. Another machine's or container's processes cannot be seen from here: their files must keep beating. */
function isPresent(file: string): boolean {
  const holder = holderOf(file)
  // Created a moment ago and not yet written.
  if (!holder) return age(file) < 1_000
  if (isForeign(holder)) return age(file) < STALE_MS
  return isAlive(holder.pid) && birthOf(holder.pid) === holder.born
}

/** The files of those who use the engine now; files of the dead are cleared away. */
function present(folder: string): string[] {
  const files = readdirSync(folder).map((name) => path.join(folder, name))
  const dead = files.filter((file) => !isPresent(file))
  for (const file of dead) rmSync(file, { force: true })
  return files.filter((file) => !dead.includes(file))
}

/**
 * Writes this process into the list of users. One machine or container at a time: two of them would each start a
 * server on the same files. After a crash the other one's sign grows stale by itself, so wait a little before refusing.
 */
export async function enter(folder: string, patience = STALE_MS + BEAT_MS): Promise<{ leave(): void }> {
  mkdirSync(folder, { recursive: true })
  const foreign = () => present(folder).find((file) => isForeign(holderOf(file) ?? me()))
  for (let waited = 0; foreign() && waited < patience; waited += 500) await sleep(500)
  const other = foreign()
  if (other) {
    throw new CannotStart(
      `The data folder ${path.dirname(folder)} is in use on another machine or in another container (${holderOf(other)?.host}). Stop that one first: one server per data folder.`,
    )
  }
  const file = path.join(folder, `${process.pid}-${randomBytes(4).toString('hex')}`)
  writeFileSync(file, JSON.stringify(me()), { mode: 0o644 })
  const beat = setInterval(() => {
    try {
      utimesSync(file, new Date(), new Date())
    } catch {
      // The folder was removed under us; the engine's own checks speak up.
    }
  }, BEAT_MS).unref()
  return {
    leave() {
      clearInterval(beat)
      rmSync(file, { force: true })
    },
  }
}

/** Whether anybody uses the engine. */
export const inUse = (folder: string) => present(folder).length > 0

/** Takes away a lock whose holder is gone; by renaming, so that of two who try only one succeeds. */
function clearStale(file: string): void {
  const aside = `${file}.${randomBytes(4).toString('hex')}`
  try {
    renameSync(file, aside)
    rmSync(aside)
  } catch {
    // Somebody else was quicker.
  }
}

/** Runs `work` while no other process starts or stops this engine. */
export async function inTurn<T>(file: string, work: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      writeFileSync(file, JSON.stringify(me()), { flag: 'wx', mode: 0o644 })
      break
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
      if (!isPresent(file)) clearStale(file)
      else await sleep(25)
    }
  }
  try {
    return await work()
  } finally {
    rmSync(file, { force: true })
  }
}
