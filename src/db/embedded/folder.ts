import { randomBytes } from 'node:crypto'
import {
  chmodSync,
  chownSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import path from 'node:path'
import { CannotStart } from '../../errors.ts'
import { isReachable } from './binaries.ts'

// `nobody` is there on every Linux, so no account has to be made.
const NOBODY = 65_534
export const isRoot = () => process.getuid?.() === 0

export interface Folder {
  /** CLERKWELL_DATA itself. */
  root: string
  /** What belongs to the engine alone: cluster, passwords, port, log. */
  engine: string
  /** PostgreSQL's data directory. */
  cluster: string
  users: string
  turn: string
  /** Who the server runs as; empty = as this process. */
  ids: { uid?: number; gid?: number }
}

/** Where the engine lives: in the data folder, or, where nobody could reach it there, in /var/lib with a link to it. */
function engineFolder(root: string): string {
  const inside = path.join(root, 'engine')
  if (lstatSync(inside, { throwIfNoEntry: false })) return realpathSync(inside)
  if (isRoot() && !isReachable(root)) {
    const outside = mkdtempSync('/var/lib/clerkwell-')
    symlinkSync(outside, inside)
    return outside
  }
  mkdirSync(inside, { mode: 0o700 })
  return realpathSync(inside)
}

/** As root the server runs as whoever the engine belongs to, else as `nobody`. */
function runsAs(engine: string): Folder['ids'] {
  if (!isRoot()) return {}
  const owner = statSync(engine)
  if (owner.uid !== 0) return { uid: owner.uid, gid: owner.gid }
  chownSync(engine, NOBODY, NOBODY)
  return { uid: NOBODY, gid: NOBODY }
}

/** Makes the folders where they are missing. Refuses a folder this user may not use. */
export function prepareFolder(place: string): Folder {
  const root = path.resolve(place)
  try {
    mkdirSync(root, { recursive: true, mode: isRoot() ? 0o711 : 0o700 })
    // Passing through is enough for the server's user; nobody can list it.
    if (isRoot()) chmodSync(root, statSync(root).mode | 0o011)
    const engine = engineFolder(root)
    return {
      root,
      engine,
      cluster: path.join(engine, 'cluster'),
      users: path.join(root, 'users'),
      turn: path.join(root, 'turn'),
      ids: runsAs(engine),
    }
  } catch (error) {
    if (!['EACCES', 'EPERM', 'EROFS'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error
    throw new CannotStart(`This user may not use the data folder ${root}. Start as the user it belongs to.`, {
      cause: error,
    })
  }
}

/** A file of the engine, readable by its user only. */
export function writePrivate(folder: Folder, name: string, content: string): string {
  const file = path.join(folder.engine, name)
  writeFileSync(file, content, { mode: 0o600 })
  if (folder.ids.uid !== undefined && folder.ids.gid !== undefined) chownSync(file, folder.ids.uid, folder.ids.gid)
  return file
}

/** A random password kept in a file of its own; made the first time it is asked for. */
export function passwordOf(folder: Folder, who: 'superuser' | 'owner'): { password: string; file: string } {
  const name = `${who}-password`
  const file = path.join(folder.engine, name)
  if (!existsSync(file)) writePrivate(folder, name, randomBytes(24).toString('hex'))
  return { password: readFileSync(file, 'utf8').trim(), file }
}
