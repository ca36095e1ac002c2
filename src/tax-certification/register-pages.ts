import type { Request, Response } from 'express'
import { csvCell } from '../runs/register-csv.ts'
import { context } from '../web/context.ts'
import { defineForm, type FormData, field } from '../web/form.ts'
import { checksInput, dateInput, numberInput, optional } from '../web/inputs.ts'
import { pageNumber, paging } from '../web/paging.ts'
import { view } from '../web/view.ts'
import {
  certificationRegister,
  REGISTER_KINDS,
  type RegisterAsked,
  type RegisterKind,
  registerRange,
  registerTotals,
} from './register-store.ts'

const PAGE = 200
const PATH = '/tax-certification/register'

const LABELS: Record<RegisterKind, string> = {
  certifications: 'Certifications',
  updates: 'Updates (PAdj, Fee)',
  payments: 'Payments',
  adjustments: 'Adjustments',
}

const form = defineForm({
  from: field(optional(dateInput()), { label: 'From', input: 'date' }),
  to: field(optional(dateInput()), { label: 'To', input: 'date' }),
  taxYear: field(optional(numberInput({ min: 1900, max: 9999 })), { label: 'Tax Year', input: 'number' }),
  kinds: field(checksInput(), {
    label: 'Transaction kinds',
    input: 'checks',
    options: REGISTER_KINDS.map((kind) => ({ value: kind, label: LABELS[kind] })),
  }),
})

/** Tax Certification > Certification Register: what was certified, updated, paid and adjusted between two dates. */
export async function registerPage(req: Request, res: Response): Promise<void> {
  const { db } = context(res)
  const { page: _, ...query } = req.query
  const parsed = form.parse(query)
  const typed = parsed.ok ? parsed.data : undefined
  const asked = await askedOf(res, typed)
  const totals = await registerTotals(db, asked)
  const page = pageNumber(req.query.page)
  const found = await certificationRegister(db, asked, { limit: PAGE, offset: (page - 1) * PAGE })
  const data = {
    title: 'Certification Register',
    form: parsed.ok ? form.show(asked) : parsed.view,
    totals: totals.kinds.map((total) => ({ ...total, label: LABELS[total.kind] })),
    rows: found,
    paging: paging(PATH, req.query as Record<string, unknown>, page, totals.count, PAGE),
    csv: `${PATH}.csv?${queryOf(asked)}`,
  }
  view(req, res, 'tax-certification/register', data, { status: parsed.ok ? 200 : 422 })
}

async function askedOf(res: Response, typed: FormData<typeof form> | undefined): Promise<RegisterAsked> {
  const { db, today } = context(res)
  const range = await registerRange(db, today)
  const chosen = REGISTER_KINDS.filter((kind) => typed?.kinds.includes(kind))
  return {
    from: typed?.from ?? range.from,
    to: typed?.to ?? range.to,
    kinds: chosen.length === 0 ? REGISTER_KINDS : chosen,
    taxYear: typed?.taxYear,
  }
}

function queryOf({ from, to, kinds, taxYear }: RegisterAsked): URLSearchParams {
  const year: [string, string][] = taxYear === undefined ? [] : [['taxYear', String(taxYear)]]
  return new URLSearchParams([
    ['from', from],
    ['to', to],
    ...kinds.map((kind): [string, string] => ['kinds', kind]),
    ...year,
  ])
}

const COLUMNS = [
  'date',
  'kind',
  'number',
  'type',
  'accountNumber',
  'customerName',
  'parcelNumber',
  'taxYear',
  'description',
  'reference',
  'certified',
  'fee',
  'utility',
] as const
const NUMERIC = new Set<string>(['taxYear', 'certified', 'fee', 'utility'])

/** The same as a file for a spreadsheet; what a spreadsheet would take for a formula is written as text. */
export async function registerFile(req: Request, res: Response): Promise<void> {
  const parsed = form.parse(req.query)
  const asked = await askedOf(res, parsed.ok ? parsed.data : undefined)
  const found = await certificationRegister(context(res).db, asked)
  const lines = found.map((row) => COLUMNS.map((name) => csvCell(String(row[name] ?? ''), NUMERIC.has(name))))
  const body = [COLUMNS, ...lines].map((cells) => `${cells.join(',')}\n`).join('')
  res.type('text/csv').attachment(`certification-register-${asked.from}-${asked.to}.csv`).send(body)
}
