import { recordEvent } from '../../audit/service.ts'
import { contactsForDuplicates, type DuplicateContact } from '../../contacts/duplicates.ts'
import { mailingAddressOn, mailingLines } from '../../customers/mailing-rules.ts'
import type { Db } from '../../db/db.ts'
import { Forbidden, NotFound, Refused } from '../../errors.ts'
import { bytesOf, keepBytes } from '../../files/kept.ts'
import { type LandlordCopy, landlordCopy } from '../../landlords/copies.ts'
import { addDays, type Day, formatDay } from '../../ledger/calendar.ts'
import { money } from '../../ledger/money.ts'
import { type Settings, settings } from '../../organization/settings.ts'
import type { Context } from '../../web/context.ts'
import type { Format } from './formats.ts'
import { type StatementPaper, statementPdf } from './paper.ts'
import { duplicatesOf, firstStatementDay, type StatementFigures, statementFigures } from './rules.ts'
import {
  insertStatement,
  lockAccount,
  lockSource,
  nextNumber,
  type Recipient,
  recipient,
  type StatementRow,
  type StatementSource,
  statementBySource,
  statementCount,
  statementNamed,
  statementSource,
} from './store.ts'

export { type Recipient, type StatementRow, statementShowing, statementsOf } from './store.ts'

type Who = Pick<Context, 'db' | 'actor' | 'today' | 'may'>

export interface StatementInput {
  date: Day
  format: Format
  /** Where the date is too early, the first day that is not is taken instead. */
  orLater?: boolean
}

/** What is kept of a statement beside its figures: enough to draw it again for somebody else. */
interface Kept {
  paper: Omit<StatementPaper, 'number'>
  /** Of a first statement: the last day before what it shows. */
  after?: string
}

/** What a statement of the account would say now. */
export async function previewStatement(db: Db, account: string, date: Day): Promise<StatementFigures> {
  return figuresOf(await mustHaveSource(db, account, date), date)
}

async function mustHaveSource(db: Db, account: string, date: Day): Promise<StatementSource> {
  const source = await statementSource(db, account, date)
  if (!source) throw new NotFound('account')
  return source
}

function figuresOf(source: StatementSource, date: Day): StatementFigures {
  const changes = source.changes.map((change) => ({
    ...change,
    lines: change.lines.map(({ service, amount }) => ({ service, amount: money(amount) })),
  }))
  const { dueDays, balance, due } = source
  return statementFigures({ date, dueDays, balance: money(balance), due, changes }, addDays)
}

/**
 * Makes the full current statement of an account (001-391): the record, which is never changed, with its PDF. It posts
 * nothing. The same request makes one statement. Refuses a date after today, and one before the last statement or before a
 * bill that it shows.
 */
export async function makeStatement(
  who: Who,
  account: string,
  input: StatementInput,
  request: string,
): Promise<StatementRow> {
  if (!who.may('billing.prepare')) throw new Forbidden('billing.prepare')
  const sourceKey = `request/${who.actor.id}/${request}`
  return who.db.transaction(async (db) => {
    await lockSource(db, sourceKey)
    const made = await statementBySource(db, sourceKey)
    if (made) return made
    await lockAccount(db, account)
    const { source, date } = await sourceOn(db, account, input, who.today)
    await keepStatement(db, who.actor.id, source, { date, format: input.format, sourceKey })
    const row = await statementBySource(db, sourceKey)
    if (!row) throw new Error('the statement was not kept')
    await note({ db, actor: who.actor }, row, 'add')
    return row
  })
}

/** What the statement is made from, and the date it gets. */
async function sourceOn(db: Db, account: string, { date, orLater }: StatementInput, today: Day) {
  if (date > today) throw atDate('A statement shows what is posted until today: its date is not after today.')
  const source = await mustHaveSource(db, account, date)
  const first = firstStatementDay({ last: source.last?.date ?? null, bill: source.bill, today })
  if (date >= first) return { source, date }
  if (orLater) return { source: await mustHaveSource(db, account, first), date: first }
  const day = formatDay(first)
  throw atDate(`Take ${day} or later: a statement is not dated before the last one, nor before a bill it shows.`)
}

const atDate = (sentence: string): Refused => new Refused('date', sentence, { date: sentence })

async function keepStatement(
  db: Db,
  by: number,
  source: StatementSource,
  { date, format, sourceKey }: Omit<StatementInput, 'orLater'> & { sourceKey: string },
): Promise<void> {
  const figures = figuresOf(source, date)
  const id = await nextNumber(db)
  const paper = paperOf(source, figures, date, await settings(db))
  const bytes = await statementPdf({ ...paper, number: String(id) })
  const file = await keepBytes(db, { name: `statement-${id}.pdf`, mediaType: 'application/pdf', bytes, actor: by })
  await insertStatement(db, {
    ...{ id, accountId: source.accountId, fileId: file.id, sourceKey, madeAt: source.readAt, madeBy: by, date, format },
    ...{ dueDate: figures.dueDate, balanceForward: figures.balanceForward, charges: figures.charges },
    ...{ amount: figures.amount, facts: { paper, ...(source.last ? {} : { after: source.after }) } satisfies Kept },
  })
}

/** Writes down what was done with a statement; the record itself never changes. */
export const note = ({ db, actor }: Pick<Who, 'db' | 'actor'>, row: StatementRow, action: string): Promise<void> =>
  recordEvent(db, {
    actor: actor.id,
    action,
    subject: 'statement',
    subjectKey: row.number,
    customerId: row.customerId,
    new: { account: row.account, amount: row.amount },
  })

function paperOf(source: StatementSource, figures: StatementFigures, date: Day, town: Settings): Kept['paper'] {
  const address = mailingAddressOn(source.addresses, date)
  const place = [[town.city, town.state].filter(Boolean).join(', '), town.zip].filter(Boolean).join(' ')
  return {
    town: { name: town.name, lines: [town.addressLine1, town.addressLine2, place, town.phone].filter(Boolean) },
    message: town.statementMessage,
    date,
    account: source.account,
    customer: source.name,
    serviceAddress: source.serviceAddress,
    to: [source.name, ...(address ? mailingLines(address) : [source.serviceAddress])],
    figures,
  }
}

/** How many statements an account has. Absent and hidden answer 404 alike. */
export async function countStatements(db: Db, account: string): Promise<number> {
  const count = await statementCount(db, account)
  if (count === undefined) throw new NotFound('account')
  return count
}

export async function mustBeStatement(db: Db, account: string, number: string): Promise<StatementRow> {
  const found = await statementNamed(db, account, number)
  if (!found) throw new NotFound('statement')
  return found
}

/** Whom an account's statements are sent to. Absent and hidden answer 404 alike. */
export async function recipientOf(db: Db, account: string): Promise<Recipient> {
  const found = await recipient(db, account)
  if (!found) throw new NotFound('account')
  return found
}

/** The statement as it was sent. */
export async function statementFile(db: Db, row: StatementRow): Promise<Buffer> {
  if (row.fileId === null) throw new NotFound('file')
  return bytesOf(db, row.fileId)
}

/** The contacts that get a duplicate of a statement, by their Notices choice, and the landlord who was promised copies. */
export async function duplicateContacts(db: Db, row: Pick<StatementRow, 'accountId' | 'date' | 'madeAt'>) {
  const landlord = await landlordCopy(db, row)
  const contacts: (DuplicateContact | LandlordCopy)[] = await contactsForDuplicates(db, row.accountId)
  return duplicatesOf(landlord ? [...contacts, landlord] : contacts)
}

/** The duplicates of a statement as one PDF, a page for each of these contacts; the figures are the statement's own. */
export async function duplicatesPdf(
  row: StatementRow,
  contacts: readonly Pick<DuplicateContact, 'name' | 'lines'>[],
): Promise<Buffer> {
  const kept = row.facts as Kept | null
  if (!kept?.paper) throw new NotFound('statement to be drawn again')
  const copies = contacts.map(({ name, lines }) => ({ to: [name, ...lines] }))
  return statementPdf({ ...kept.paper, number: row.number }, copies)
}
