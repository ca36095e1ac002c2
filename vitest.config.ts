import os from 'node:os'
import path from 'node:path'
import { defineConfig, type TestProjectInlineConfiguration } from 'vitest/config'

const BROWSER = 'src/**/*.browser.test.ts'
const LONG = 'src/**/*.long.test.ts'
const PURE = [
  'src/**/rules.test.ts',
  'src/ledger/{money,calendar,aging,allocation}.test.ts',
  'src/web/*.test.ts',
  'src/**/*.pure.test.ts',
]
// They bring a key file of their own, which the process reads once.
const ALONE = ['src/secrets/secrets.test.ts', 'src/commands/keys.test.ts']

// What needs PostgreSQL shares one server and one migrated template; each file takes its own copy (src/testing/setup.ts).
const withDatabase: TestProjectInlineConfiguration['test'] = {
  globalSetup: ['src/testing/setup.ts'],
  pool: 'forks',
  env: { CLERKWELL_TEST: '1', CLERKWELL_KEYS: path.join(os.tmpdir(), `clerkwell-test-keys-${os.userInfo().uid}.json`) },
  testTimeout: 60_000,
  hookTimeout: 120_000,
}

// One module cache for each worker: loading the application anew for each file took as long as many a file.
const together = { isolate: false }

export default defineConfig({
  test: {
    maxWorkers: 2,
    projects: [
      {
        test: {
          name: 'pure',
          include: PURE,
          exclude: [BROWSER, LONG],
          pool: 'threads',
          isolate: false,
          // Makes big.js strict before any file, so that the order of the files decides nothing.
          setupFiles: ['src/ledger/money.ts'],
        },
      },
      {
        test: {
          name: 'db',
          include: ['src/**/*.test.ts'],
          exclude: [...PURE, ...ALONE, BROWSER, LONG],
          ...withDatabase,
          ...together,
        },
      },
      { test: { name: 'alone', include: ALONE, ...withDatabase } },
      {
        test: {
          name: 'browser',
          include: [BROWSER],
          ...withDatabase,
          ...together,
          sequence: { groupOrder: 1 },
          testTimeout: 120_000,
        },
      },
      {
        test: {
          name: 'long',
          include: [LONG],
          ...withDatabase,
          maxWorkers: 1,
          sequence: { groupOrder: 2 },
          testTimeout: 3_600_000,
        },
      },
    ],
  },
})
