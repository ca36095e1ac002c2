import { mkdirSync, mkdtempSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'

/** Files of a town folder: name without `.csv` → its text. */
export type Files = Record<string, string>

/** Writes a town folder for a test. */
export function writeFolder(files: Files): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'clerkwell-town-'))
  for (const [name, text] of Object.entries(files)) {
    const file = path.join(folder, name.includes('.') ? name : `${name}.csv`)
    mkdirSync(path.dirname(file), { recursive: true })
    writeFileSync(file, text, name.startsWith('files/') ? 'latin1' : 'utf8')
  }
  return folder
}

/** All files of a folder, to compare two of them byte by byte; what is below `files/` is bytes, not text. */
export const readFolder = (folder: string): Files =>
  Object.fromEntries(
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .map((name) => name.replaceAll('\\', '/'))
      .filter((name) => statSync(path.join(folder, name)).isFile())
      .sort()
      .map((name) => [name, readFileSync(path.join(folder, name), name.startsWith('files/') ? 'latin1' : 'utf8')]),
  )

/** The smallest town that can bill: one account with water and sewer, all GL settings. */
export const SMALL: Files = {
  gl_accounts: `number,name,type
1010,Cash,asset
1020,Card clearing,asset
1090,Transfers,asset
1110,Receivable water,asset
1120,Receivable sewer,asset
1150,Certified,asset
2100,Open credit,liability
2200,Deposits,liability
3900,Opening,equity
4110,Water revenue,revenue
4120,Sewer revenue,revenue
4800,Adjustments,revenue
4900,Fees,revenue
4990,Write-offs,expense
`,
  services: `code,name,kind,sort,receivable_gl,revenue_gl
WA,Water,metered,1,1110,4110
SE,Sewer,flat,2,1120,4120
`,
  organization: `setting,value
name,Smallville
timezone,America/Chicago
current_period,2025-03-31
due_days,15
cash_gl,1010
certification_receivable_gl,1150
certification_fee_gl,4900
write_off_gl,4990
transfer_gl,1090
deposit_gl,2200
opening_gl,3900
open_credit_gl,2100
`,
  periods: 'end_date,closed\n2025-01-31,yes\n2025-02-28,yes\n2025-03-31,no\n',
  customers: 'customer_number,name\n100,Mary Holt\n200,Abe Lund\n',
  locations: 'location_number,service_address\n10,12 Canal St\n20,14 Canal St\n',
  accounts: 'account_number,customer_number,location_number\n100.01,100,10\n200.01,200,20\n',
}

/** Ledger lines: `SMALL` with a history of columns that tests use most. */
export const withLines = (lines: string, files: Files = SMALL): Files => ({
  ...files,
  transactions: `transaction,account_number,date,type,service,amount,ages_in,reverses,tax_year,book,deposit,gl,source,method\n${lines}`,
})
