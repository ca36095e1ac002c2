import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'

// Linux tells when a process was born and whether it is only waiting to be buried. Elsewhere the number alone must do.
const linux = process.platform === 'linux'

/** `/proc/<pid>/stat` after the name, which may itself hold spaces and brackets; undefined when there is none. */
function stat(pid: number): string[] | undefined {
  try {
    const line = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return line.slice(line.lastIndexOf(')') + 2).split(' ')
  } catch {
    return undefined
  }
}

/** Whether a process of this number runs. A zombie does not: nobody may ever bury it where pid 1 is a plain program. */
export function isAlive(pid: number): boolean {
  if (linux) {
    const fields = stat(pid)
    return fields !== undefined && fields[0] !== 'Z' && fields[0] !== 'X'
  }
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

/** When it was born, in clock ticks since the machine started: numbers are used again, this pair is not. */
export function birthOf(pid: number): string {
  return (linux && stat(pid)?.[19]) || ''
}

/** The command line of a process; empty when there is none, undefined where the system does not say. */
export function commandOf(pid: number): string | undefined {
  if (process.platform === 'win32') return undefined
  if (!linux) return spawnSync('ps', ['-o', 'command=', '-p', String(pid)], { encoding: 'utf8' }).stdout
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8')
  } catch {
    return ''
  }
}

export const sleep = (ms: number) => new Promise<void>((done) => setTimeout(done, ms))
