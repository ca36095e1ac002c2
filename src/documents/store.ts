import { sql } from 'drizzle-orm'
import { addRow, changeRow } from '../customers/rows.ts'
import { type Db, one, rows } from '../db/db.ts'
import { document, documentType } from '../db/tables/extras.ts'
import { keepBytes } from '../files/kept.ts'
import type { Sent } from '../files/serve.ts'
import type { Day } from '../ledger/calendar.ts'

export interface Kept {
  id: number
  version: number
  documentTypeId: number
  description: string
  secure: boolean
  fileId: number
  name: string
  mediaType: string
}

/** A document of a customer; undefined when it is another's. */
export const documentOf = (db: Db, customerId: number, id: number): Promise<Kept | undefined> =>
  one<Kept>(
    db,
    sql`select o.id, o.version, o.document_type_id as "documentTypeId", o.description, k.secure, o.file_id as "fileId", f.name, f.media_type as "mediaType"
      from document o join document_type k on k.id = o.document_type_id join file f on f.id = o.file_id where o.id = ${id} and o.customer_id = ${customerId}`,
  )

/** Types to choose from: secure ones only for those who may open their documents. */
export const typesFor = (db: Db, secure: boolean): Promise<{ value: string; label: string }[]> =>
  rows(
    db,
    sql`select id::text as value, code || ' ' || name as label from document_type where ${secure} or not secure order by code`,
  )

export interface Typed {
  /** The type chosen, or one to be made. */
  type: number | { code: string; name: string; secure: boolean }
  description: string
}

/** Stores a document with its bytes; a new type comes with it, so that nothing typed is lost [001-201]. */
export async function storeDocument(
  db: Db,
  at: { customerId: number; today: Day; actor: number; kept?: Kept | undefined },
  { type, description }: Typed,
  sent?: Sent,
): Promise<void> {
  await db.transaction(async (tx) => {
    const documentTypeId = typeof type === 'number' ? type : await addRow(tx, documentType, type, at.actor, TAKEN)
    const file = sent ? await keepBytes(tx, { ...sent, actor: at.actor }) : undefined
    const name = description || (sent?.name ?? at.kept?.name ?? '')
    const row = { documentTypeId, description: name, ...(file ? { fileId: file.id } : {}) }
    if (at.kept) await changeRow(tx, document, at.kept, row, at.actor, {})
    else await addRow(tx, document, { ...row, customerId: at.customerId, added: at.today }, at.actor, {})
  })
}

const TAKEN = { document_type_code_unique: ['typeCode', 'This code is taken.'] as [string, string] }
