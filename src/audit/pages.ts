import type { Request, Response } from 'express'
import { z } from 'zod'
import { type Context, context } from '../web/context.ts'
import type { FeatureMaker } from '../web/deps.ts'
import { defineForm, field } from '../web/form.ts'
import { dateInput, optional } from '../web/inputs.ts'
import { pageNumber } from '../web/paging.ts'
import { feature } from '../web/routes.ts'
import type { TownFacts } from '../web/town.ts'
import { view } from '../web/view.ts'
import { presentRow } from './present.ts'
import { auditSubjects, searchAudit } from './store.ts'

const PAGE = 50
const words = () => optional(z.string().max(100))

const searchForm = defineForm({
  who: field(words(), { label: 'Who' }),
  action: field(words(), { label: 'What' }),
  subject: field(words(), { label: 'Subject', input: 'select' }),
  key: field(words(), { label: 'Number or key' }),
  from: field(optional(dateInput()), { label: 'From', input: 'date' }),
  to: field(optional(dateInput()), { label: 'To', input: 'date' }),
  page: field(words(), { label: '', input: 'hidden' }),
})

/** Reports > Audit trail. */
export const pages: FeatureMaker = () =>
  feature('audit').get('/reports/audit-trail', 'audit.view', search, { menu: 'Reports > Audit trail' })

async function search(req: Request, res: Response) {
  const ctx = context(res)
  const subjects = (await auditSubjects(ctx.db)).map((subject) => ({
    value: subject,
    label: subject.replaceAll('_', ' '),
  }))
  const parsed = searchForm.parse(req.query, { options: { subject: subjects } })
  const timezone = (res.locals.town as TownFacts).timezone
  if (!parsed.ok) return show(req, res, parsed.view, [], 422)
  const page = pageNumber(parsed.data.page)
  const found = await rowsFor(ctx, parsed.data, timezone, page)
  const form = searchForm.show({ ...parsed.data, page: '' }, {}, { options: { subject: subjects } })
  show(
    req,
    res,
    form,
    found.slice(0, PAGE).map((row) => presentRow(row, timezone)),
    200,
    links(req, page, found.length > PAGE),
  )
}

type Search = z.infer<typeof searchForm.schema>

const rowsFor = (ctx: Context, search: Search, timezone: string, page: number) =>
  searchAudit(ctx.db, {
    ...search,
    timezone,
    seesPrivate: ctx.actor.seesPrivate,
    offset: (page - 1) * PAGE,
    limit: PAGE + 1,
  })

/** Older and newer, without counting a trail of millions of rows. */
function links(req: Request, page: number, more: boolean) {
  const kept = Object.entries(req.query).filter(
    ([name, value]) => name !== 'page' && typeof value === 'string' && value !== '',
  )
  const to = (at: number) =>
    `${req.path}?${new URLSearchParams([...(kept as [string, string][]), ['page', String(at)]])}`
  return { newer: page > 1 ? to(page - 1) : '', older: more ? to(page + 1) : '' }
}

function show(
  req: Request,
  res: Response,
  form: object,
  found: object[],
  status: number,
  pages = { newer: '', older: '' },
) {
  view(req, res, 'audit/search', { title: 'Audit trail', form, found, pages }, { status })
}
