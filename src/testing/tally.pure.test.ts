import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { tallyOf } from './tally.ts'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'clerkwell-tally-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

const file = (status: string, ...tests: string[]) => ({
  status,
  assertionResults: tests.map((one) => ({ status: one })),
})
function tally(endedWell: boolean, passed: number, failed: number, ...testResults: ReturnType<typeof file>[]) {
  const report = path.join(folder, 'report.json')
  writeFileSync(report, JSON.stringify({ numPassedTests: passed, numFailedTests: failed, testResults }))
  return tallyOf(report, endedWell)
}

it('counts tests', () => {
  expect(tally(true, 2, 0, file('passed', 'passed', 'passed', 'skipped'))).toEqual({ passed: 2, failed: 0 })
  expect(tally(false, 1, 1, file('failed', 'passed', 'failed'))).toEqual({ passed: 1, failed: 1 })
})
it('counts a file that could not be loaded, or whose set-up failed', () => {
  expect(tally(false, 1, 0, file('failed'), file('failed', 'skipped'), file('passed', 'passed'))).toEqual({
    passed: 1,
    failed: 2,
  })
})
it('counts an error outside every test', () => {
  expect(tally(false, 1, 0, file('passed', 'passed'))).toEqual({ passed: 1, failed: 1 })
})
it('counts a run that left no report', () => {
  expect(tallyOf(path.join(folder, 'none.json'), true)).toEqual({ passed: 0, failed: 1 })
})
