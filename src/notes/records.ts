import { sql } from 'drizzle-orm'
import { ofAccount } from '../accounts/of-account.ts'
import { choices } from '../customers/rows.ts'
import { type Db, one } from '../db/db.ts'
import { note } from '../db/tables/customers.ts'
import { Refused } from '../errors.ts'
import { leveled, ofPlace } from '../panel/level.ts'
import { type Found, type Place, recordFrame, type Typed } from '../panel/records.ts'
import { field } from '../web/form.ts'
import { checkboxInput, codeInput, dateInput, linesInput, optional, optionalText, selectInput } from '../web/inputs.ts'
import { subjectOf, USES, type Use } from './rules.ts'

const USE_LABELS: Record<Use, string> = {
  statement: 'Statement',
  penalty: 'Penalty/Interest',
  delinquent_notice: 'Delinquent notice',
  shutoff_notice: 'Shutoff notice',
  service_order: 'Service order',
}

const tick = (label: string, hint: string) => field(checkboxInput(), { label, input: 'checkbox', hint })

const FIELDS = {
  level: field(selectInput(['account', 'customer', 'location']), {
    label: 'Note Level',
    input: 'select',
    size: 'md',
    options: [
      { value: 'account', label: 'Account' },
      { value: 'customer', label: 'Customer, at all locations' },
      { value: 'location', label: 'Location, whoever lives there' },
    ],
  }),
  noteTypeId: field(codeInput(), { label: 'Note Type', input: 'select', size: 'md' }),
  subject: field(optionalText(100), {
    label: 'Note Subject',
    hint: 'Empty: the beginning of the note.',
    autofocus: true,
  }),
  text: field(linesInput(4000), { label: 'Note', input: 'textarea', rows: 4 }),
  messageCenter: tick('Message Center', "Not for location notes: they always show in the location's Message Center."),
  paymentCenter: tick('Payment Center', 'Shown when a payment is made. Not for location notes.'),
  hasGrace: tick('Grace', 'No penalty up to and including the Grace Date.'),
  graceDate: field(optional(dateInput()), { label: 'Grace Date', input: 'date', hint: 'The last day of grace.' }),
  usedFor: field(optional(selectInput(USES)), {
    label: 'Note Used For',
    input: 'select',
    size: 'md',
    options: USES.map((use) => ({ value: use, label: USE_LABELS[use] })),
  }),
  expirationDate: field(optional(dateInput()), {
    label: 'Expiration Date',
    input: 'date',
    hint: 'The last day it serves that. Only with Note Used For.',
  }),
}

const VALUES = sql`'level', o.level, 'noteTypeId', o.note_type_id, 'subject', o.subject, 'text', o.text, 'messageCenter', o.message_center,
  'paymentCenter', o.payment_center, 'hasGrace', o.grace_date is not null, 'graceDate', o.grace_date, 'usedFor', o.used_for, 'expirationDate', o.expiration_date`

/** Notes of the account in `a`, newest first, each with its files. */
export const NOTES = sql`(select coalesce(json_agg(json_build_object('id', o.id, 'version', o.version, 'type', k.name, 'created', o.created,
    'by', (select u.name from app_user u where u.id = o.changed_by and u.id <> 0),
    'attachments', (select coalesce(json_agg(json_build_object('id', t.id, 'description', t.description, 'name', f.name, 'bytes', f.bytes) order by t.id), '[]')
      from note_attachment t join file f on f.id = t.file_id where t.note_id = o.id), ${VALUES}) order by o.created desc, o.id desc), '[]')
  from note o join note_type k on k.id = o.note_type_id where ${ofAccount})`

/** Notes at three levels; what only some levels or uses have is refused elsewhere [001-342 to 001-363]. */
export const notes = recordFrame({
  tab: 'notes',
  noun: 'note',
  need: 'notes.edit',
  table: note,
  fields: FIELDS,
  list: NOTES,
  options: async ({ db }) => ({ options: { noteTypeId: await choices(db, sql`note_type`) } }),
  initial: async ({ db }) => ({ level: 'account', noteTypeId: await generalType(db), messageCenter: true }),
  find: ({ db }, place, id) => findOne(db, place, id),
  goesToo: async ({ db }, { id }) => {
    const row = await one<{ files: number }>(
      db,
      sql`select count(*)::int as files from note_attachment where note_id = ${id}`,
    )
    return row && row.files > 0 ? `Its files (${row.files}) go with it.` : ''
  },
  row: ({ today }, place, typed: Typed<typeof FIELDS>, kept) => ({
    ...leveled(typed.level, place),
    ...contentOf(typed, kept?.values),
    ...(kept ? {} : { created: today }),
  }),
})

async function generalType(db: Db): Promise<string> {
  const row = await one<{ id: number }>(db, sql`select id from note_type where code = 'general'`)
  return String(row?.id ?? '')
}

const findOne = (db: Db, place: Place, id: number): Promise<Found | undefined> =>
  one<Found>(
    db,
    sql`select o.id, o.version, o.subject as name, json_build_object(${VALUES}) as values from note o where o.id = ${id} and ${ofPlace(place)}`,
  )

/** A date that what it hangs on does not ask for was typed, unless it is the one that was kept: then it goes with that. */
const wasTyped = (name: 'graceDate' | 'expirationDate', typed: Typed<typeof FIELDS>, kept: object = {}): boolean =>
  typed[name] !== undefined && typed[name] !== (kept as Record<string, unknown>)[name]

/** What a note says. A location note has no boxes: what they say is not read. */
function contentOf(typed: Typed<typeof FIELDS>, kept: object | undefined) {
  const { level, noteTypeId, subject, text, hasGrace, graceDate, usedFor, expirationDate } = typed
  if (hasGrace && graceDate === undefined) refuse('graceDate', 'Write the last day of grace, or clear Grace.')
  if (!hasGrace && wasTyped('graceDate', typed, kept))
    refuse('hasGrace', 'Tick Grace for the Grace Date to count, or clear the date.')
  if (usedFor === undefined && wasTyped('expirationDate', typed, kept))
    refuse('expirationDate', 'Only a note that is used for something expires: choose what for, or clear the date.')
  return {
    messageCenter: typed.messageCenter && level !== 'location',
    paymentCenter: typed.paymentCenter && level !== 'location',
    noteTypeId: Number(noteTypeId),
    subject: subjectOf(subject, text),
    text,
    graceDate: hasGrace ? graceDate : null,
    usedFor: usedFor ?? null,
    expirationDate: usedFor === undefined ? null : (expirationDate ?? null),
  }
}

function refuse(name: string, sentence: string): never {
  throw new Refused('note', sentence, { [name]: sentence })
}
