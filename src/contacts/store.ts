import { sql } from 'drizzle-orm'
import { type At, addRow, changeRow, takeNumber, type Versioned } from '../customers/rows.ts'
import type { Db } from '../db/db.ts'
import { contact, contactAddress, contactEmail, contactPhone } from '../db/tables/contacts.ts'
import type { Checked } from './check.ts'
import { idOf, isChanged, isNew } from './draft.ts'
import { PART_FORMS, PART_KINDS, type PartKind } from './forms.ts'

const TABLES: Record<PartKind, Versioned> = { address: contactAddress, email: contactEmail, phone: contactPhone }

/** The number of a new contact, taken in the transaction that stores it: its protected numbers are sealed with it. */
export const newContactNumber = (tx: Db): Promise<string> => takeNumber(tx, 'contact')

export const addContact = (db: Db, row: object, by: number): Promise<number> => addRow(db, contact, row, by, {})

export const changeContact = (db: Db, at: At, row: object, by: number): Promise<void> =>
  changeRow(db, contact, at, row, by, {})

/** Deletes a contact that is still at its version; what it has goes first, so that the audit trail knows whose it was. */
export async function removeContact(db: Db, at: At, by: number): Promise<void> {
  await changeContact(db, at, {}, by)
  for (const kind of PART_KINDS) await removeWhere(db, kind, sql`contact_id = ${at.id}`, by)
  await db.execute(sql`delete from contact where id = ${at.id}`)
}

/** Stores the addresses, e-mail addresses and phone numbers of a contact, what is no longer primary before what becomes it. */
export async function storeParts(db: Db, contactId: number, { parts, primary }: Checked, by: number): Promise<void> {
  for (const kind of PART_KINDS) {
    const own = parts.filter(({ part }) => part.kind === kind)
    const gone = own.filter(({ part }) => part.removed && !isNew(part)).map(({ part }) => idOf(part))
    if (gone.length > 0) await removeWhere(db, kind, sql`contact_id = ${contactId} and id in ${gone}`, by)
    const kept = own.flatMap(({ part, row }) => (row ? [{ part, row, isPrimary: part.key === primary[kind] }] : []))
    const inOrder = [...kept].sort((a, b) => Number(a.isPrimary) - Number(b.isPrimary))
    for (const { part, row, isPrimary } of inOrder) {
      const values = { ...row, isPrimary }
      if (isNew(part)) await addRow(db, TABLES[kind], { ...values, contactId }, by, {})
      else if (isPrimary !== part.was || isChanged(PART_FORMS[kind], part.values)) {
        await changePart(db, kind, { id: idOf(part), contactId }, values, by)
      }
    }
  }
}

/** The contact's own version says that nobody was quicker. */
async function changePart(
  db: Db,
  kind: PartKind,
  { id, contactId }: { id: number; contactId: number },
  values: object,
  by: number,
) {
  const table = TABLES[kind]
  await db
    .update(table)
    .set({ ...values, changedBy: by, version: sql`${table.version} + 1` } as never)
    .where(sql`${table.id} = ${id} and contact_id = ${contactId}`)
}

async function removeWhere(db: Db, kind: PartKind, condition: ReturnType<typeof sql>, by: number): Promise<void> {
  // who deletes is written first, for the audit
  await db.execute(
    sql`update ${TABLES[kind]} set changed_by = ${by}, version = ${TABLES[kind]}.version + 1 where ${condition}`,
  )
  await db.execute(sql`delete from ${TABLES[kind]} where ${condition}`)
}
