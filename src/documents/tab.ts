import { sql } from 'drizzle-orm'
import type { Day } from '../ledger/calendar.ts'
import { personTabs } from '../panel/person.ts'

interface Row {
  id: number
  type: string
  secure: boolean
  description: string
  name: string
  bytes: number
  added: Day
}

/** Documents of the customer, and of the owner; secure ones are named to all and opened by permitted users [001-190]. */
export const documentsTab = personTabs<Row[]>({
  path: 'documents',
  label: 'Documents',
  need: 'customers.view',
  template: 'documents/tab',
  sql: (
    who,
  ) => sql`(select coalesce(json_agg(json_build_object('id', o.id, 'type', k.name, 'secure', k.secure, 'description', o.description,
      'name', f.name, 'bytes', f.bytes, 'added', o.added) order by o.added desc, o.id desc), '[]')
    from document o join document_type k on k.id = o.document_type_id join file f on f.id = o.file_id where o.customer_id = ${who})`,
  present: (rows, { asked }) => ({
    documents: rows.map((row) => ({ ...row, open: !row.secure || asked.may('documents.secure') })),
    mayEdit: asked.may('customers.edit'),
  }),
  count: (who) => sql`select count(*) from document o where o.customer_id = ${who}`,
})
