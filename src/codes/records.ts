import { type SQL, sql } from 'drizzle-orm'
import { type Db, one, rows } from '../db/db.ts'
import { assignedCode } from '../db/tables/extras.ts'
import { Refused } from '../errors.ts'
import { HOLDERS, type Holder, heldAt, heldBy, holderColumn, kindOf } from '../panel/holder.ts'
import { type Found, type Place, recordFrame, type Typed } from '../panel/records.ts'
import { field } from '../web/form.ts'
import { codeInput, textInput } from '../web/inputs.ts'

const FIELDS = {
  caption: field(textInput(130), { label: 'UDC caption', input: 'select', size: 'md' }),
  codeValueId: field(codeInput(), { label: 'UDC value', input: 'select', hint: 'A value of that caption.' }),
}

/** Codes `o` that meet a condition, json. */
export const codesWhere = (
  held: SQL,
) => sql`(select coalesce(json_agg(json_build_object('id', o.id, 'code', k.code, 'caption', k.name, 'value', v.name) order by k.code), '[]')
  from assigned_code o join code_caption k on k.id = o.code_caption_id join code_value v on v.id = o.code_value_id where ${held})`

/** User defined codes of a customer, an owner or a location: on an existing one only the value changes [001-188]. */
const codesFor = (holder: Holder) =>
  recordFrame({
    tab: `${holder}/codes`,
    noun: 'code',
    need: 'customers.edit',
    table: assignedCode,
    fields: FIELDS,
    list: codesWhere(heldBy(holder)),
    options: async ({ db }) => ({ options: await offered(db, kindOf(holder)) }),
    find: ({ db }, place, id) => findOne(db, holder, place, id),
    row: async ({ db }, place, typed: Typed<typeof FIELDS>, kept) => {
      const captionId = await captionOf(db, typed, kindOf(holder))
      const codeValueId = Number(typed.codeValueId)
      return kept ? { codeValueId } : { ...holderColumn(holder, place), codeCaptionId: captionId, codeValueId }
    },
    sentences: {
      assigned_code_customer: ['caption', 'The customer has this code already: edit it.'],
      assigned_code_location: ['caption', 'The location has this code already: edit it.'],
    },
  })

export const CODES = HOLDERS.map(codesFor)

async function offered(db: Db, kind: string) {
  const values = await rows<{ id: string; caption: string; value: string }>(
    db,
    sql`select v.id::text, k.code || ' ' || k.name as caption, v.name as value from code_value v
      join code_caption k on k.id = v.code_caption_id where k.holder = ${kind} order by k.code, v.code`,
  )
  return {
    caption: [...new Set(values.map(({ caption }) => caption))],
    codeValueId: values.map(({ id, caption, value }) => ({ value: id, label: `${caption}: ${value}` })),
  }
}

async function findOne(db: Db, holder: Holder, place: Place, id: number): Promise<Found | undefined> {
  const row = await one<Found>(
    db,
    sql`select o.id, o.version, k.name, json_build_object('caption', k.code || ' ' || k.name, 'codeValueId', o.code_value_id) as values
      from assigned_code o join code_caption k on k.id = o.code_caption_id where o.id = ${id} and ${heldAt(holder, place)}`,
  )
  return row && { ...row, fixed: ['caption'] }
}

async function captionOf(db: Db, { caption, codeValueId }: Typed<typeof FIELDS>, kind: string): Promise<number> {
  const row = await one<{ id: number; caption: string }>(
    db,
    sql`select k.id, k.code || ' ' || k.name as caption from code_value v join code_caption k on k.id = v.code_caption_id
      where v.id = ${Number(codeValueId)} and k.holder = ${kind}`,
  )
  if (row?.caption === caption) return row.id
  const sentence = 'This value does not belong to the caption.'
  throw new Refused('value', sentence, { codeValueId: sentence })
}
