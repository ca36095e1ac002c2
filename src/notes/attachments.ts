import { createHash, randomUUID } from 'node:crypto'
import { sql } from 'drizzle-orm'
import type { Request, Response } from 'express'
import { z } from 'zod'
import { addRow, changeRow, removeRow, takeNumber, whoChanged } from '../customers/rows.ts'
import { conflictTold } from '../customers/told.ts'
import { type Db, one } from '../db/db.ts'
import { noteAttachment } from '../db/tables/attachments.ts'
import { Conflict, NotFound, Refused } from '../errors.ts'
import { keepBytes } from '../files/kept.ts'
import { ENDINGS } from '../files/rules.ts'
import { fileSent, sendKept } from '../files/serve.ts'
import { ofPlace } from '../panel/level.ts'
import { once } from '../panel/once.ts'
import { placeOf } from '../panel/record-service.ts'
import { context } from '../web/context.ts'
import type { FeatureMaker } from '../web/deps.ts'
import { flash } from '../web/flash.ts'
import { defineForm, type FormData, field } from '../web/form.ts'
import { numberInput, optional, optionalText } from '../web/inputs.ts'
import { failedSave } from '../web/refused.ts'
import { feature, idParam, param } from '../web/routes.ts'
import { seenField, withSeen } from '../web/seen.ts'
import { goTo, view } from '../web/view.ts'

const form = defineForm({
  version: field(optional(numberInput()), { label: '', input: 'hidden' }),
  seen: seenField(),
  requestId: field(optional(z.uuid()), { label: '', input: 'hidden' }),
  description: field(optionalText(100), { label: 'Description', hint: 'Empty: the name of the file.' }),
})

/** Files of a note: Add, Edit, Delete, and the file itself [001-365]. */
export const pages: FeatureMaker = () => {
  const made = feature('note-attachments')
  const path = '/panel/:number/notes/:id/attachments'
  made
    .get(`${path}/new`, 'notes.edit', openNew)
    .post(path, 'notes.edit', add, { upload: true })
    .get(`${path}/:file`, 'customers.view', save)
    .get(`${path}/:file/edit`, 'notes.edit', openEdit)
    .post(`${path}/:file`, 'notes.edit', change, { upload: true })
    .get(`${path}/:file/delete`, 'notes.edit', askRemove)
    .post(`${path}/:file/delete`, 'notes.edit', remove)
  return made
}

interface NoteAt {
  db: Db
  noteId: number
  subject: string
  /** Address of the note on its tab. */
  back: string
  base: string
}

async function noteAt(req: Request, res: Response): Promise<NoteAt> {
  const { db } = context(res)
  const place = await placeOf(db, param(req, 'number'), 'notes')
  const id = idParam(req, 'id', 'note')
  const found = await one<{ subject: string }>(
    db,
    sql`select o.subject from note o where o.id = ${id} and ${ofPlace(place)}`,
  )
  if (!found) throw new NotFound('note')
  return {
    db,
    noteId: id,
    subject: found.subject,
    back: `${place.at}?note=${id}`,
    base: `${place.at}/${id}/attachments`,
  }
}

interface Attachment {
  id: number
  version: number
  fileId: number
  description: string
  name: string
  mediaType: string
}

async function attachmentOf(req: Request, { db, noteId }: NoteAt): Promise<Attachment> {
  const found = await one<Attachment>(
    db,
    sql`select t.id, t.version, t.file_id as "fileId", t.description, f.name, f.media_type as "mediaType"
      from note_attachment t join file f on f.id = t.file_id where t.note_id = ${noteId} and t.id = ${idParam(req, 'file', 'file')}`,
  )
  if (!found) throw new NotFound('file')
  return found
}

async function openNew(req: Request, res: Response): Promise<void> {
  show(req, res, await noteAt(req, res), { shown: form.show({ requestId: randomUUID() }) })
}

async function openEdit(req: Request, res: Response): Promise<void> {
  const at = await noteAt(req, res)
  show(req, res, at, { kept: await attachmentOf(req, at) })
}

async function add(req: Request, res: Response): Promise<void> {
  const at = await noteAt(req, res)
  await store(req, res, at, async ({ description: typed, requestId: key }, sent) => {
    if (!sent) throw needed()
    const { actor } = context(res)
    const body = { typed, name: sent.name, sha256: createHash('sha256').update(sent.bytes).digest('hex') }
    await once(at.db, actor.id, key === undefined ? key : { path: at.base, key, body }, async (tx) => {
      const { id } = await keepBytes(tx, { ...sent, actor: actor.id })
      const row = { noteId: at.noteId, fileId: id, description: typed || sent.name }
      await tx.execute(sql`update note set number = ${await takeNumber(tx, 'note')}, version = version + 1, changed_by = ${actor.id}
        where id = ${at.noteId} and number is null`)
      await addRow(tx, noteAttachment, row, actor.id, {})
    })
    return 'The file is added.'
  })
}

async function change(req: Request, res: Response): Promise<void> {
  const at = await noteAt(req, res)
  const kept = await attachmentOf(req, at)
  await store(
    req,
    res,
    at,
    async ({ description: typed, version = 0 }, sent) => {
      const { actor } = context(res)
      await at.db.transaction(async (tx) => {
        const file = sent ? await keepBytes(tx, { ...sent, actor: actor.id }) : undefined
        const row = { description: typed || (sent?.name ?? kept.name), ...(file ? { fileId: file.id } : {}) }
        await changeRow(tx, noteAttachment, { id: kept.id, version }, row, actor.id, {})
      })
      return 'The file is saved.'
    },
    kept,
  )
}

/** Delete asks once. Whoever looked at an older version is shown the file as it is now. */
async function askRemove(req: Request, res: Response): Promise<void> {
  const at = await noteAt(req, res)
  const kept = await attachmentOf(req, at)
  const { version } = req.query
  if (version !== undefined && version !== String(kept.version)) return tellChanged(req, res, at)
  const page = `${at.base}/${kept.id}`
  const data = {
    title: `Delete file ${kept.name}`,
    crumbs: [{ label: 'Notes', href: at.back }],
    noun: 'file',
    found: kept,
  }
  view(req, res, 'panel/record-delete', { ...data, goesToo: '', action: `${page}/delete`, back: `${page}/edit` })
}

async function remove(req: Request, res: Response): Promise<void> {
  const at = await noteAt(req, res)
  const kept = await attachmentOf(req, at)
  const seen = { id: kept.id, version: Number((req.body as { version?: unknown }).version) || 0 }
  try {
    await removeRow(at.db, noteAttachment, seen, context(res).actor.id, 'This file is used.')
    flash(req, 'The file is deleted.')
    goTo(req, res, at.back)
  } catch (error) {
    if (error instanceof Conflict) return tellChanged(req, res, at)
    throw error
  }
}

async function tellChanged(req: Request, res: Response, at: NoteAt): Promise<void> {
  const kept = await attachmentOf(req, at)
  const who = (await whoChanged(at.db, noteAttachment, kept.id)) ?? 'Somebody else'
  const told = `${who} changed this file while you had it open. Nothing was deleted: this is how it is now.`
  show(req, res, at, { kept, shown: withSeen(form.show(kept, { '': told })), status: 409 })
}

async function save(req: Request, res: Response): Promise<void> {
  const at = await noteAt(req, res)
  await sendKept(res, at.db, await attachmentOf(req, at))
}

function needed(): Refused {
  const sentence = 'Choose the file.'
  return new Refused('file_missing', sentence, { file: sentence })
}

/** Stores what was typed and sent, over the version that the clerk was shown; gives what is said then. */
type Work = (typed: FormData<typeof form>, sent: ReturnType<typeof fileSent>) => Promise<string>

async function store(req: Request, res: Response, at: NoteAt, work: Work, kept?: Attachment): Promise<void> {
  const parsed = form.parse(req.body)
  if (!parsed.ok) return show(req, res, at, { kept, shown: parsed.view, status: 422 })
  try {
    flash(req, await work(parsed.data, fileSent(res)))
    goTo(req, res, at.back)
  } catch (error) {
    if (error instanceof Conflict && kept) return tell(req, res, at, error)
    const [status, errors] = failedSave(error)
    const typed = { ...(req.body as object), ...(status === 409 ? { requestId: randomUUID() } : {}) }
    show(req, res, at, { kept, shown: form.show(typed, errors), fileError: errors.file, status })
  }
}

/** Somebody else was quicker: their changes, and the form to go on with. A file that was sent is to be chosen again. */
async function tell(req: Request, res: Response, at: NoteAt, conflict: Conflict): Promise<void> {
  const kept = await attachmentOf(req, at)
  const now = { ...kept, table: noteAttachment, values: kept }
  const { form: shown, ...told } = await conflictTold(at.db, now, { form, body: req.body, conflict })
  show(req, res, at, { kept, shown, ...told, status: 409 })
}

interface Shown {
  kept?: Attachment | undefined
  shown?: ReturnType<typeof form.show>
  fileError?: string | undefined
  theirs?: string[]
  whoElse?: string
  status?: number
}

function show(
  req: Request,
  res: Response,
  at: NoteAt,
  { kept, shown, fileError, theirs = [], whoElse = '', status = 200 }: Shown,
): void {
  const data = {
    title: kept ? `File ${kept.name}` : `Add file to note ${at.subject}`,
    crumbs: [{ label: 'Notes', href: at.back }],
    form: shown ?? withSeen(form.show(kept ?? {})),
    ...{ theirs, whoElse },
    fileError: fileError ?? '',
    action: kept ? `${at.base}/${kept.id}` : at.base,
    back: at.back,
    kept: kept ?? null,
    endings: ENDINGS,
  }
  view(req, res, 'notes/attachment', data, { status })
}
