import { sql } from 'drizzle-orm'
import { addRow, changeRow, removeRow, type Sentences, takeNumber } from '../customers/rows.ts'
import { type Db, one, rows } from '../db/db.ts'
import { contact, masterMerge, masterMoved } from '../db/tables/contacts.ts'
import { customer } from '../db/tables/customers.ts'
import { masterContact } from '../db/tables/master-contacts.ts'
import { Conflict, NotFound, Refused } from '../errors.ts'
import type { Context } from '../web/context.ts'
import type { FormData } from '../web/form.ts'
import type { masterForm } from './forms.ts'
import { likelyOnes } from './rules.ts'
import { candidatesOf, findMaster, type Master } from './store.ts'

export { findMaster, listMasters } from './store.ts'

type Who = Pick<Context, 'db' | 'actor'>
export type MasterData = FormData<typeof masterForm>

const TAKEN: Sentences = { master_contact_number: ['number', 'This number is taken.'] }

/** The master contact of a number. Absent and hidden answer 404 alike. */
export async function masterOf(db: Db, number: string): Promise<Master> {
  const found = await findMaster(db, number)
  if (!found) throw new NotFound('master contact')
  return found
}

const rowOf = ({ version, seen, ...data }: MasterData): object =>
  Object.fromEntries(Object.entries(data).map(([name, value]) => [name, value === '' ? null : value]))

export async function addMaster({ db, actor }: Who, data: MasterData): Promise<void> {
  await addRow(db, masterContact, rowOf(data), actor.id, TAKEN)
}

export const changeMaster = (
  { db, actor }: Who,
  at: { id: number; version: number },
  data: MasterData,
): Promise<void> => changeRow(db, masterContact, at, rowOf(data), actor.id, TAKEN)

export const removeMaster = ({ db, actor }: Who, at: { id: number; version: number }): Promise<void> =>
  removeRow(db, masterContact, at, actor.id, 'This master contact has records, or is part of a merge.')

/** The likely duplicates of a master contact: records without one, and other master contacts [003-031]. */
export async function suggestionsFor(db: Db, { id, values }: Master) {
  const one = { ...values, name: String(values.name) }
  return likelyOnes(one, await candidatesOf(db, id, one)).slice(0, 20)
}

const TABLES = { customer, contact } as const
export type RecordKind = keyof typeof TABLES

interface Named {
  id: number
  version: number
  master: number | null
  name: string
}

async function recordOf(db: Db, kind: RecordKind, number: string): Promise<Named> {
  const name = kind === 'customer' ? sql`t.name` : sql`t.first_name || ' ' || t.last_name`
  const found = await one<Named>(
    db,
    sql`select t.id, t.version, t.master_contact_id as master, ${name} as name from ${TABLES[kind]} t where t.number = ${number}`,
  )
  if (!found) throw new NotFound(kind)
  return found
}

/** Says that a record is of this person, or of none (`master` undefined) [003-035, 003-037]; gives its name. */
export async function assign(
  { db, actor }: Who,
  record: { kind: RecordKind; number: string },
  master: Pick<Master, 'id' | 'mergedInto'> | undefined,
): Promise<string> {
  if (master?.mergedInto) throw new Refused('merged', `This master contact went into ${master.mergedInto.name}.`)
  const found = await recordOf(db, record.kind, record.number)
  await changeRow(db, TABLES[record.kind], found, { masterContactId: master?.id ?? null }, actor.id, {})
  return found.name
}

/** Takes a record off a master contact; gives its name. One that is of another one by now is a Conflict. */
export async function takeOff(
  { db, actor }: Who,
  record: { kind: RecordKind; number: string },
  master: Pick<Master, 'id'>,
): Promise<string> {
  const found = await recordOf(db, record.kind, record.number)
  if (found.master !== master.id) throw new Conflict(`${found.name} is not of this master contact any more.`)
  await changeRow(db, TABLES[record.kind], found, { masterContactId: null }, actor.id, {})
  return found.name
}

/**
 * A new master contact with what is known of a customer, who is then its first record [003-028, 003-036]. Of a private
 * customer it takes the name alone: with a record that is seen the master contact is seen too, and all that stands in it.
 */
export async function masterOfCustomer({ db, actor }: Who, number: string): Promise<string> {
  const found = await one<Record<string, string | null>>(
    db,
    sql`select c.name, p.address_line_1 as "addressLine1", p.address_line_2 as "addressLine2", p.city, p.state, p.zip, p.phone, p.email
      from customer c left join customer p on p.id = c.id and p.public where c.number = ${number}`,
  )
  if (!found) throw new NotFound('customer')
  return db.transaction(async (tx) => {
    const own = await takeNumber(tx, 'master_contact')
    const id = await addRow(tx, masterContact, { ...found, number: own }, actor.id, TAKEN)
    await assign({ db: tx, actor }, { kind: 'customer', number }, { id, mergedInto: null })
    return own
  })
}

/**
 * Puts another master contact's records under `kept` and takes it off the list. What moved is written down, so that
 * `undoMerge` can move it back. Refused while the other one has records that are not shown to whoever merges: they would move unseen.
 */
export async function merge({ db, actor }: Who, kept: Master, other: Master): Promise<void> {
  if (kept.id === other.id) throw new Refused('itself', 'Choose another master contact.')
  if (kept.mergedInto || other.mergedInto) throw new Refused('merged', 'One of the two went into another one already.')
  if (other.hidden > 0)
    throw new Refused('hidden', 'It has a record that is not shown to you: an administrator merges it.')
  await db.transaction(async (tx) => {
    // both, in one order: of two merges at once one finds what the other changed
    for (const each of [kept, other].sort((a, b) => a.id - b.id))
      await changeRow(tx, masterContact, each, {}, actor.id, {})
    await tx
      .insert(masterMerge)
      .values({ masterContactId: other.id, intoId: kept.id, mergedBy: actor.name, changedBy: actor.id })
    for (const kind of ['customer', 'contact'] as const) {
      const moved = await rows<{ id: number; version: number }>(
        tx,
        sql`select id, version from ${TABLES[kind]} where master_contact_id = ${other.id} order by id for update`,
      )
      for (const each of moved) {
        await changeRow(tx, TABLES[kind], each, { masterContactId: kept.id }, actor.id, {})
        const column = kind === 'customer' ? { customerId: each.id } : { contactId: each.id }
        await addRow(tx, masterMoved, { masterContactId: other.id, ...column }, actor.id, {})
      }
    }
  })
}

/**
 * Takes a merge back: what it moved and still is there goes back, and the other one stands on the list again. Refused
 * while there are records that are not shown to whoever undoes it: one of them may be to go back.
 */
export async function undoMerge({ db, actor }: Who, kept: Master, other: Master): Promise<void> {
  if (other.mergedInto?.number !== kept.number) throw new NotFound('merge')
  if (kept.mergedInto) throw new Refused('merged', `Undo the merge into ${kept.mergedInto.name} first.`)
  if (kept.hidden > 0)
    throw new Refused('hidden', 'It has a record that is not shown to you: an administrator undoes the merge.')
  await db.transaction(async (tx) => {
    await changeRow(tx, masterContact, other, {}, actor.id, {})
    for (const kind of ['customer', 'contact'] as const) {
      const column = sql.raw(`${kind}_id`)
      const moved = await rows<{ id: number; version: number }>(
        tx,
        sql`select t.id, t.version from ${TABLES[kind]} t join master_moved v on v.${column} = t.id
          where v.master_contact_id = ${other.id} and t.master_contact_id = ${kept.id} for update of t`,
      )
      for (const each of moved) await changeRow(tx, TABLES[kind], each, { masterContactId: other.id }, actor.id, {})
    }
    await removeMerge(tx, other.id, actor.id)
  })
}

/** Who undoes it is written first, for the audit. */
async function removeMerge(db: Db, id: number, by: number): Promise<void> {
  for (const table of [masterMoved, masterMerge]) {
    await db.execute(sql`update ${table} set changed_by = ${by} where master_contact_id = ${id}`)
    await db.execute(sql`delete from ${table} where master_contact_id = ${id}`)
  }
}
