import { readFileSync } from 'node:fs'

export interface Tally {
  passed: number
  failed: number
}

interface Report {
  numPassedTests: number
  numFailedTests: number
  testResults: { status: string; assertionResults: { status: string }[] }[]
}

/**
 * What vitest counted, from its JSON report. A file that fell over before or after its tests is a failure too, and so
 * is a run that ended badly without saying why, or wrote no report.
 */
export function tallyOf(file: string, endedWell: boolean): Tally {
  try {
    const report = JSON.parse(readFileSync(file, 'utf8')) as Report
    const fellOver = report.testResults.filter(
      (one) => one.status === 'failed' && !one.assertionResults.some((test) => test.status === 'failed'),
    )
    const failed = report.numFailedTests + fellOver.length
    return { passed: report.numPassedTests, failed: failed === 0 && !endedWell ? 1 : failed }
  } catch {
    return { passed: 0, failed: 1 }
  }
}
