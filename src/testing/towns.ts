import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import type { Db } from '../db/db.ts'
import { faultText } from '../town/faults.ts'
import { importTown } from '../town/import.ts'
import { type Files, readFolder } from './town-folder.ts'

/** The town of the golden case: one account, 204.55 to certify (contract.md 3). */
export const GOLDEN = path.join(import.meta.dirname, 'towns/golden-2011')

/** A town of 900 accounts, kept beside the repository; undefined where it is not there. */
export function millbrook(): { folder: string; expected: MillbrookFigures } | undefined {
  const towns = path.join(import.meta.dirname, '../../../shared/towns')
  if (!existsSync(path.join(towns, 'millbrook'))) return undefined
  const expected = JSON.parse(readFileSync(path.join(towns, 'millbrook.expected.json'), 'utf8'))
  return { folder: path.join(towns, 'millbrook'), expected }
}

export interface MillbrookFigures {
  accounts: number
  receivable: string
  certify: {
    accounts: number
    amount: string
    fees: string
    by_service: Record<string, string>
    without_parcel: number
  }
  samples: Record<string, { balance: string; certify: Record<string, string> }>
}

/** The golden town with a second account, 300.00 behind, of a private customer: for administrators only. */
export function goldenWithPrivate(): Files {
  const more: Files = {
    'customers.csv': '200,individual,Judge Roe,,Roe,yes,no,1 Quiet Ln,Ashford,UT,84000\n',
    'locations.csv': '11,1 Quiet Ln,Ashford,UT,84000,07-114-0013\n',
    'accounts.csv': '200.01,200,11,2010-12-01,,Current\n',
    'account_services.csv': '200.01,WA,,1,1,monthly,2010-12-01,\n',
    'transactions.csv': 'P1,200.01,2010-12-31,2010-12-31,Bill,Water,WA,300.00,,\n',
  }
  return Object.fromEntries(Object.entries(readFolder(GOLDEN)).map(([name, text]) => [name, text + (more[name] ?? '')]))
}

/** Imports a town folder that a test needs. Throws what is wrong with it. */
export async function loadTown(db: Db, folder: string): Promise<void> {
  const result = await importTown(db, folder, { actor: 0, today: '2026-11-01' })
  if (!result.ok) throw new Error(result.faults.map(faultText).join('\n'))
}
