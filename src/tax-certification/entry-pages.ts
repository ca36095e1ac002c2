import type { Request, Response } from 'express'
import { lookup } from '../accounts/service.ts'
import type { Db } from '../db/db.ts'
import { text } from '../ledger/money.ts'
import { context } from '../web/context.ts'
import { defineForm, type FormView, field } from '../web/form.ts'
import { textInput } from '../web/inputs.ts'
import { goTo, view } from '../web/view.ts'
import { mustHaveAccount } from './posting-parts.ts'
import { lastMovements } from './year-store.ts'

/** Entering payments or adjustments one after the other: account, Enter, the rest, Enter. */
export interface Entry {
  path: string
  title: string
  heading: string
  type: 'CertPmt' | 'CertAdj'
  /** A file of the county can be taken instead. */
  file: boolean
}

const entryForm = defineForm({
  account: field(textInput(100), {
    label: 'Account',
    size: 'md',
    autofocus: true,
    hint: 'The number; name and address work too',
  }),
})

export const openEntry = (entry: Entry) => (req: Request, res: Response) => showEntry(entry, req, res, entryForm.show())

/** One hit opens its form; several are listed to choose from; none is said. */
export const findAccount = (entry: Entry) => async (req: Request, res: Response) => {
  const parsed = entryForm.parse(req.body)
  if (!parsed.ok) return showEntry(entry, req, res, parsed.view, [], 422)
  const wanted = parsed.data.account
  const list = await lookup(context(res).db, wanted)
  const hit = list.find(({ accountNumber }) => accountNumber === wanted) ?? (list.length === 1 ? list[0] : undefined)
  if (hit) return goTo(req, res, `${entry.path}/${encodeURIComponent(hit.accountNumber)}`)
  if (list.length > 0) return showEntry(entry, req, res, entryForm.show(req.body as object), list)
  const errors = { account: 'No account matches. Try part of the name or the street.' }
  return showEntry(entry, req, res, entryForm.show(req.body as object, errors), [], 422)
}

/** A sentence in the summary of the entry screen, as for a file that cannot be read. */
export const refuseEntry = (entry: Entry, req: Request, res: Response, sentence: string) =>
  showEntry(entry, req, res, entryForm.show({}, { '': sentence }), [], 422)

async function showEntry(entry: Entry, req: Request, res: Response, form: FormView, list: object[] = [], status = 200) {
  const last = await lastMovements(context(res).db, entry.type)
  const shown = last.map((movement) => ({ ...movement, reference: movement.reference ?? '' }))
  view(req, res, 'tax-certification/entry', { ...entry, form, list, last: shown }, { status })
}

/** The account of an entry form with its tax years that have a balance. */
export async function entryAccount(db: Db, number: string) {
  const facts = await mustHaveAccount(db, number)
  const years = facts.certified.map(({ taxYear, balance }) => ({ taxYear, balance: text(balance) }))
  return { facts, years, account: { number: facts.number, customerName: facts.customerName } }
}

export const yearOptions = (years: { taxYear: number; balance: string }[]) =>
  years.map(({ taxYear, balance }) => ({ value: String(taxYear), label: `${taxYear}, balance ${balance}` }))
