// The whole suite, as `npm test` and CI call it. Its last line says `N passed, N failed`; each static check counts as one.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { type Tally, tallyOf } from './tally.ts'
import { installMissing, whatIsMissing } from './tools.ts'

const ROOT = path.join(import.meta.dirname, '../..')
const LONG = process.argv.includes('--long')

/** Runs a program of node_modules with its output shown; true when it ended well. */
function ran(name: string, ...args: string[]): boolean {
  console.log(`\n> ${[name, ...args].join(' ')}`)
  const windows = process.platform === 'win32'
  const program = path.join(ROOT, 'node_modules/.bin', windows ? `${name}.cmd` : name)
  return spawnSync(program, args, { cwd: ROOT, stdio: 'inherit', shell: windows }).status === 0
}

function tests(): Tally {
  const folder = mkdtempSync(path.join(tmpdir(), 'clerkwell-run-'))
  const result = path.join(folder, 'vitest.json')
  const projects = ['pure', 'db', 'alone', 'browser', ...(LONG ? ['long'] : [])].map((name) => `--project=${name}`)
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${result}`]
  const endedWell = ran('vitest', 'run', ...projects, ...reporters)
  const tally = tallyOf(result, endedWell)
  rmSync(folder, { recursive: true, force: true })
  return tally
}

function main(): number {
  installMissing()
  const checks = [ran('tsc', '--noEmit'), ran('biome', 'check', '.'), ran('knip')]
  const { passed, failed } = tests()
  const good = checks.filter(Boolean).length
  for (const line of whatIsMissing()) console.log(line)
  const total: Tally = { passed: passed + good, failed: failed + checks.length - good }
  console.log(`${total.passed} passed, ${total.failed} failed`)
  return total.failed === 0 ? 0 : 1
}

process.exitCode = main()
