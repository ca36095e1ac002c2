import { text } from 'node:stream/consumers'
import { backup } from './commands/backup.ts'
import { check } from './commands/check.ts'
import { type Command, type Io, Usage } from './commands/command.ts'
import { journal } from './commands/journal.ts'
import { keys } from './commands/keys.ts'
import { restore } from './commands/restore.ts'
import { run, runs } from './commands/run.ts'
import { exportFolder, importFolder } from './commands/town-folder.ts'
import { token, user } from './commands/user.ts'
import { verifyBackupFile } from './commands/verify-backup.ts'
import { config } from './config.ts'
import { BadRequest, CannotStart, Conflict, Forbidden, NotFound, Refused } from './errors.ts'
import { log } from './log.ts'

const COMMANDS: Record<string, Command> = {
  import: importFolder,
  export: exportFolder,
  check,
  user,
  token,
  runs,
  run,
  journal,
  keys,
  backup,
  'verify-backup': verifyBackupFile,
  restore,
}

const help = () =>
  Object.values(COMMANDS)
    .map((command) => `  clerkwell ${command.usage}\n      ${command.does}\n`)
    .join('')

const EXPECTED = [BadRequest, CannotStart, Conflict, Forbidden, NotFound, Refused]

/** Exit 0 done, 1 refused or a check failed, 2 wrong usage. Errors go to standard error. */
async function main(args: string[]): Promise<number> {
  const [name = '', ...rest] = args
  const io: Io = {
    config: config(),
    out: (t) => process.stdout.write(t),
    err: (t) => process.stderr.write(t),
    stdin: () => text(process.stdin),
  }
  const command = COMMANDS[name]
  if (!command) {
    const asked = name === '--help' || name === 'help'
    ;(asked ? io.out : io.err)(`Usage:\n${help()}`)
    return asked ? 0 : 2
  }
  if (rest.includes('--help')) {
    io.out(`clerkwell ${command.usage}\n  ${command.does}\n`)
    return 0
  }
  try {
    return await command.run(rest, io)
  } catch (error) {
    return explain(error, command, io)
  }
}

function explain(error: unknown, command: Command, io: Io): number {
  const wrongUsage =
    error instanceof Usage ||
    (error instanceof TypeError && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS'))
  if (wrongUsage) {
    io.err(`${(error as Error).message}\nUsage: clerkwell ${command.usage}\n`)
    return 2
  }
  if (EXPECTED.some((kind) => error instanceof kind)) {
    io.err(`${(error as Error).message}\n`)
    return 1
  }
  log.error({ err: error }, 'The command broke off.')
  return 1
}

// Not process.exit: what was written to a pipe must arrive.
process.exitCode = await main(process.argv.slice(2))
