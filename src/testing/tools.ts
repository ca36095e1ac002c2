import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'

const BROWSERS = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
]

/** The browser for the browser tests: CHROMIUM, or one in its usual place; undefined = they are skipped. */
export function findChromium(): string | undefined {
  return [process.env.CHROMIUM ?? '', ...BROWSERS].find((place) => place !== '' && existsSync(place))
}

/** Programs some proofs need and no npm package brings, with the Debian packages they come from. */
const WANTED = [
  { name: 'chromium', isThere: () => findChromium() !== undefined, without: 'the browser tests are skipped' },
  {
    name: 'hledger',
    isThere: () => existsSync('/usr/bin/hledger'),
    without: 'the journal is not read by a second program',
  },
  {
    name: 'postgresql-15',
    isThere: () => existsSync('/usr/lib/postgresql/15/bin/postgres'),
    without: 'the oldest supported PostgreSQL is not tested',
  },
]

const apt = (...args: string[]) =>
  spawnSync('apt-get', ['-o', 'Acquire::Retries=1', '-o', 'Acquire::http::Timeout=30', ...args], {
    stdio: 'inherit',
    timeout: 600_000,
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  }).status === 0

/** In CI, as root on a Debian, missing programs are installed. Elsewhere, or where that fails, the run goes on without. */
export function installMissing(): void {
  const missing = WANTED.filter((tool) => !tool.isThere()).map((tool) => tool.name)
  const may = process.env.CI === 'true' && process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')
  if (missing.length === 0 || !may) return
  console.log(`Installing ${missing.join(', ')}`)
  const done = apt('update') && apt('install', '-y', '--no-install-recommends', ...missing)
  if (!done) console.log('apt-get did not succeed')
}

/** One line for each program that is not here, saying what is therefore not tested. */
export function whatIsMissing(): string[] {
  return WANTED.filter((tool) => !tool.isThere()).map((tool) => `NOT HERE: ${tool.name}; ${tool.without}.`)
}
