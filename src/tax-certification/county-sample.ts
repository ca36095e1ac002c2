import type { Db } from '../db/db.ts'
import type { Day } from '../ledger/calendar.ts'
import { money, text, ZERO } from '../ledger/money.ts'
import { settings } from '../organization/settings.ts'
import { grouped, moneyText } from '../web/format.ts'
import { REASONS, rowOf } from './county-file.ts'
import { countyAccounts, firstCertified, lastTaxYear } from './county-store.ts'
import { layoutFaults } from './layout-fault-rules.ts'
import { type ControlTotals, type CountyFile, type CountyRow, type Layout, renderLayout } from './layout-rules.ts'
import { faultInPlace } from './layout-words.ts'

const ACCOUNTS = 20
const LINES = 3
const LEFT_OUT = 5

/** The first lines of a file as the layout would write it now. */
export interface Sample {
  /** Of whom: accounts of the town, or an example. */
  says: string
  /** What keeps the layout from being used; then there are no lines. */
  faults: string[]
  /** Positions over the lines of a fixed-width file; there a space is shown as a point. */
  ruler: string
  lines: string[]
  totals: string
  leftOut: string[]
}

const EXAMPLE = [
  ['1001.01', '022-540-157', 'Avery, Ann', '12 Mill Race Rd', 'Lot 4, Block 2', '204.55'],
  ['1002.01', '022-540-158', 'Bell, Robert', '14 Mill Race Rd', 'Lot 5, Block 2', '68.27'],
  ['1003.01', '022-540-158', 'Castro, Ines', '14 Mill Race Rd', 'Lot 5, Block 2', '1310.40'],
].map(([account = '', parcel = '', owner = '', address = '', description = '', amount = '0']): CountyRow => {
  return { account, parcel, owner, address, description, amount: money(amount), fee: money('25') }
})

/** The sample of a layout: of the town's present certifications that this person may see, of an example without any. */
export async function sampleOf(db: Db, layout: Layout, today: Day): Promise<Sample> {
  // what it is called is of no account here
  const found = layoutFaults(layout).filter(({ part }) => part !== 'code')
  const faults = found.map((fault) => faultInPlace(fault, layout))
  if (faults.length > 0) return { says: '', faults, ruler: '', lines: [], totals: '', leftOut: [] }
  const taxYear = (await lastTaxYear(db)) ?? Number(today.slice(0, 4))
  const first = await firstRows(db, taxYear)
  const { certificationIdNumber: idNumber, certificationChargeCode: chargeCode } = await settings(db)
  const rows = first.rows.length > 0 ? first.rows : EXAMPLE
  const file = renderLayout(layout, rows, { chargeCode, idNumber, taxYear, date: today })
  return {
    says: first.says,
    faults: file.faults.flatMap(({ account, field, reason }) => (account ? [] : [`${field}: ${REASONS[reason]}.`])),
    ruler: layout.kind === 'fixed' ? ruler(layout.lineWidth ?? 0) : '',
    lines: linesShown(layout, file),
    totals: totalsShown(file.totals),
    leftOut: leftOutShown(file),
  }
}

async function firstRows(db: Db, taxYear: number): Promise<{ rows: CountyRow[]; says: string }> {
  const ids = await firstCertified(db, taxYear, ACCOUNTS + 1)
  const accounts = ids.length === 0 ? [] : await countyAccounts(db, taxYear, ids.slice(0, ACCOUNTS))
  const rows = accounts.filter(({ amount, fee }) => amount.plus(fee).gt(ZERO)).map(rowOf)
  if (rows.length === 0) return { rows, says: 'An example: there is nothing to collect yet' }
  const which = ids.length > ACCOUNTS ? `The first ${ACCOUNTS} accounts` : 'The accounts'
  return { rows, says: `${which} certified for ${taxYear}` }
}

/** '----+---10----+---20': every tenth position ends with its number. */
function ruler(width: number): string {
  const marks = Array.from({ length: Math.ceil(width / 10) }, (_, at) => {
    const tens = String((at + 1) * 10)
    return `----+${tens.padStart(5, '-')}`
  })
  return marks.join('').slice(0, width)
}

function linesShown({ kind }: Layout, { before, lines, after }: CountyFile): string[] {
  const first = lines.slice(0, LINES).map((line) => line.text)
  const more = lines.length > LINES ? ['…'] : []
  const visible = (record: string) => (kind === 'fixed' ? record.replaceAll(' ', '·') : record)
  return [...[...before, ...first].map(visible), ...more, ...after.map(visible)]
}

const counted = (count: number, noun: string): string => `${grouped(count)} ${noun}${count === 1 ? '' : 's'}`

const totalsShown = ({ count, parcels, accounts, total }: ControlTotals): string =>
  `${counted(count, 'line')}, ${counted(parcels, 'parcel')}, ${counted(accounts, 'account')}, ${moneyText(text(total))}`

function leftOutShown({ faults }: CountyFile): string[] {
  const accounts = faults.filter(({ account }) => account !== null)
  const said = accounts
    .slice(0, LEFT_OUT)
    .map(({ account, field, reason }) => `${account}: ${field}, ${REASONS[reason]}`)
  return accounts.length > LEFT_OUT ? [...said, '…'] : said
}
