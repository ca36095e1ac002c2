import type { Request, Response } from 'express'
import { removeRow } from '../customers/rows.ts'
import { conflictTold } from '../customers/told.ts'
import { document } from '../db/tables/extras.ts'
import { Conflict, Forbidden, NotFound, Refused } from '../errors.ts'
import { ENDINGS } from '../files/rules.ts'
import { fileSent, sendKept } from '../files/serve.ts'
import { type Person, personOf, personRoute } from '../panel/person.ts'
import { context } from '../web/context.ts'
import type { FeatureMaker } from '../web/deps.ts'
import { flash } from '../web/flash.ts'
import { defineForm, type FormView, field, type ShowOptions } from '../web/form.ts'
import { checkboxInput, codeInput, numberInput, optional, optionalText, textInput } from '../web/inputs.ts'
import { refusedErrors } from '../web/refused.ts'
import { feature, idParam } from '../web/routes.ts'
import { seenField, withSeen } from '../web/seen.ts'
import { goTo, view } from '../web/view.ts'
import { documentOf, type Kept, storeDocument, type Typed, typesFor } from './store.ts'

const form = defineForm({
  version: field(optional(numberInput()), { label: '', input: 'hidden' }),
  seen: seenField(),
  documentTypeId: field(optional(codeInput()), { label: 'Select Document Type', input: 'select' }),
  description: field(optionalText(100), { label: 'Description', hint: 'Empty: the name of the file.' }),
  typeCode: field(optional(textInput(6)), {
    label: 'Code',
    size: 'sm',
    hint: 'At most 6 characters, spaces included.',
  }),
  typeName: field(optionalText(), { label: 'Description of the type' }),
  typeSecure: field(checkboxInput(), { label: 'Secure', input: 'checkbox', hint: 'For permitted users only.' }),
})

/** Add Customer Document, Edit, Delete, and the file itself; the same for an owner [001-190 to 001-206]. */
export const pages: FeatureMaker = () => {
  const made = feature('documents')
  personRoute(made, 'get', 'documents/new', 'customers.edit', openNew)
  personRoute(made, 'post', 'documents', 'customers.edit', save, { upload: true })
  personRoute(made, 'get', 'documents/:id', 'customers.view', download)
  personRoute(made, 'get', 'documents/:id/edit', 'customers.edit', openEdit)
  personRoute(made, 'post', 'documents/:id', 'customers.edit', save, { upload: true })
  personRoute(made, 'post', 'documents/:id/delete', 'customers.edit', remove)
  return made
}

/** The document that the request names; a secure one only for those who may open it. */
async function keptOf(req: Request, res: Response, person: Person): Promise<Kept> {
  const { db, may } = context(res)
  const kept = await documentOf(db, person.id, idParam(req, 'id', 'document'))
  if (!kept) throw new NotFound('document')
  if (kept.secure && !may('documents.secure')) throw new Forbidden('documents.secure')
  return kept
}

/** The types to choose from: secure ones for those who may open their documents. */
async function optionsOf(res: Response): Promise<ShowOptions> {
  const { db, may } = context(res)
  return { options: { documentTypeId: await typesFor(db, may('documents.secure')) } }
}

async function openNew(req: Request, res: Response): Promise<void> {
  await show(req, res, await personOf(req, res), {})
}

async function openEdit(req: Request, res: Response): Promise<void> {
  const person = await personOf(req, res)
  await show(req, res, person, { kept: await keptOf(req, res, person) })
}

async function download(req: Request, res: Response): Promise<void> {
  await sendKept(res, context(res).db, await keptOf(req, res, await personOf(req, res)))
}

async function save(req: Request, res: Response): Promise<void> {
  const person = await personOf(req, res)
  const kept = req.params.id === undefined ? undefined : await keptOf(req, res, person)
  const { db, actor, today, may } = context(res)
  const options = await optionsOf(res)
  const parsed = form.parse(req.body, options)
  if (!parsed.ok) return show(req, res, person, { kept, shown: parsed.view, status: 422 })
  if (parsed.data.typeCode !== undefined && !may('tables.edit')) throw new Forbidden('tables.edit')
  try {
    const sent = fileSent(res)
    if (!sent && !kept) throw wrong('file', 'Choose the file, or take it with the camera.')
    const seen = kept && { ...kept, version: parsed.data.version ?? 0 }
    await storeDocument(db, { customerId: person.id, today, actor: actor.id, kept: seen }, typed(parsed.data), sent)
    flash(req, 'The document is stored.')
    goTo(req, res, `${person.base}/documents`)
  } catch (error) {
    if (error instanceof Conflict) return tell(req, res, person, error)
    const errors = refusedErrors(error)
    const shown = form.show(req.body as object, errors, options)
    await show(req, res, person, { kept, shown, fileError: errors.file, status: 422 })
  }
}

/** Somebody else was quicker: their changes, and the form to go on with. A file that was sent is to be chosen again. */
async function tell(req: Request, res: Response, person: Person, conflict: Conflict): Promise<void> {
  const kept = await keptOf(req, res, person)
  const met = { form, body: req.body, options: await optionsOf(res), conflict }
  const { form: shown, ...told } = await conflictTold(context(res).db, { ...kept, table: document, values: kept }, met)
  await show(req, res, person, { kept, shown, ...told, status: 409 })
}

/** The type chosen, or the new one that was written beside it. */
function typed(data: {
  documentTypeId?: string | undefined
  description: string
  typeCode?: string | undefined
  typeName: string
  typeSecure: boolean
}): Typed {
  const { documentTypeId, description, typeCode, typeName, typeSecure } = data
  if (typeCode !== undefined)
    return { type: { code: typeCode, name: typeName || typeCode, secure: typeSecure }, description }
  if (documentTypeId === undefined) throw wrong('documentTypeId', 'Choose a document type, or write a new one below.')
  return { type: Number(documentTypeId), description }
}

const wrong = (name: string, sentence: string) => new Refused('document', sentence, { [name]: sentence })

async function remove(req: Request, res: Response): Promise<void> {
  const person = await personOf(req, res)
  const kept = await keptOf(req, res, person)
  const { db, actor } = context(res)
  await removeRow(db, document, kept, actor.id, 'This document is used.')
  flash(req, 'The document is deleted.')
  goTo(req, res, `${person.base}/documents`)
}

interface Shown {
  kept?: Kept | undefined
  shown?: FormView
  fileError?: string | undefined
  theirs?: string[]
  whoElse?: string
  status?: number
}

async function show(
  req: Request,
  res: Response,
  person: Person,
  { kept, shown, fileError, theirs = [], whoElse = '', status = 200 }: Shown,
) {
  const back = `${person.base}/documents`
  const data = {
    title: kept ? `Document ${kept.description}` : `Add document of ${person.name}`,
    crumbs: [{ label: 'Documents', href: back }],
    form: shown ?? withSeen(form.show(kept ?? {}, {}, await optionsOf(res))),
    ...{ theirs, whoElse },
    fileError: fileError ?? '',
    action: kept ? `${back}/${kept.id}` : back,
    back,
    kept: kept ?? null,
    endings: ENDINGS,
    mayTypes: context(res).may('tables.edit'),
  }
  view(req, res, 'documents/form', data, { status })
}
