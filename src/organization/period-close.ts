import type { Request, Response } from 'express'
import { Refused } from '../errors.ts'
import { addDays, formatDay, isDay, monthEnd } from '../ledger/calendar.ts'
import { context } from '../web/context.ts'
import type { FeatureMaker } from '../web/deps.ts'
import { flash } from '../web/flash.ts'
import { defineForm, type FormView, field } from '../web/form.ts'
import { momentText, periodText } from '../web/format.ts'
import { dateInput, textInput } from '../web/inputs.ts'
import { pageNumber, paging } from '../web/paging.ts'
import { refusedErrors } from '../web/refused.ts'
import { feature, param } from '../web/routes.ts'
import type { TownFacts } from '../web/town.ts'
import { goTo, view } from '../web/view.ts'
import { addPeriod, closePeriod, deletePeriod, findPeriod, reopenPeriod } from './period-store.ts'
import { periodList } from './store.ts'

const PATH = '/organization/period-close'
const PAGE = 50

const addForm = defineForm({ end: field(dateInput(), { label: 'Ends on', input: 'date' }) })
const reopenForm = defineForm({ reason: field(textInput(200), { label: 'Reason', full: true }) })

/** Organization > Period close: the periods, one added, closed or opened again. A closed period takes no posting. */
export const periods: FeatureMaker = () =>
  feature('periods')
    .get(PATH, 'tables.view', (req, res) => showList(req, res), { menu: 'Organization > Period close' })
    .post(PATH, 'periods.close', add)
    .get(`${PATH}/:end`, 'tables.view', (req, res) => showOne(req, res))
    .post(`${PATH}/:end/close`, 'periods.close', close)
    .post(`${PATH}/:end/reopen`, 'periods.close', reopen)
    .post(`${PATH}/:end/delete`, 'periods.close', remove)

async function showList(req: Request, res: Response, form?: FormView): Promise<void> {
  const { db, may, today } = context(res)
  const { timezone } = res.locals.town as TownFacts
  const all = await periodList(db)
  const pages = paging(PATH, {}, pageNumber(req.query.page), all.length, PAGE)
  const [newest] = all
  const next = newest ? monthEnd(addDays(newest.end, 1)) : monthEnd(today)
  const data = {
    title: 'Period close',
    path: PATH,
    pages,
    total: all.length,
    rows: all.slice((pages.page - 1) * PAGE, pages.page * PAGE).map(({ end, closedAt }) => ({
      end,
      name: periodText(end),
      closed: closedAt ? momentText(closedAt, timezone) : '',
    })),
    mayClose: may('periods.close'),
    form: form ?? addForm.show({ end: next }),
  }
  view(req, res, 'organization/periods', data, { status: form ? 422 : 200 })
}

async function add(req: Request, res: Response): Promise<void> {
  const { db, actor } = context(res)
  const parsed = addForm.parse(req.body)
  if (!parsed.ok) return showList(req, res, parsed.view)
  try {
    await addPeriod(db, parsed.data.end, actor.id)
  } catch (error) {
    return showList(req, res, addForm.show(req.body as object, refusedErrors(error)))
  }
  flash(req, `Added. The period ending ${formatDay(parsed.data.end)} is open.`)
  goTo(req, res, PATH)
}

async function one(req: Request, res: Response) {
  const end = param(req, 'end')
  return findPeriod(context(res).db, isDay(end) ? end : '0001-01-01')
}

async function showOne(req: Request, res: Response, form?: FormView): Promise<void> {
  const period = await one(req, res)
  const { may } = context(res)
  const { timezone } = res.locals.town as TownFacts
  const data = {
    title: periodText(period.end),
    crumbs: [
      { label: 'Organization', href: '/menu/organization' },
      { label: 'Period close', href: PATH },
    ],
    path: `${PATH}/${period.end}`,
    period: { ...period, closed: period.closedAt ? momentText(period.closedAt, timezone) : '' },
    mayClose: may('periods.close'),
    form: form ?? reopenForm.show(),
  }
  view(req, res, 'organization/period', data, { status: form ? 422 : 200 })
}

async function close(req: Request, res: Response): Promise<void> {
  const { db, actor } = context(res)
  const period = await one(req, res)
  await closePeriod(db, period.end, actor.id)
  flash(req, `Closed. The period ending ${formatDay(period.end)} takes no posting any more.`)
  goTo(req, res, PATH)
}

async function reopen(req: Request, res: Response): Promise<void> {
  const { db, actor } = context(res)
  const period = await one(req, res)
  const parsed = reopenForm.parse(req.body)
  if (!parsed.ok) return showOne(req, res, parsed.view)
  if (!period.closedAt) throw new Refused('period_open', `The period ending ${formatDay(period.end)} is open already.`)
  await reopenPeriod(db, period.end, actor.id, parsed.data.reason)
  flash(req, `Opened again. The period ending ${formatDay(period.end)} takes postings.`)
  goTo(req, res, PATH)
}

async function remove(req: Request, res: Response): Promise<void> {
  const { db, actor } = context(res)
  const period = await one(req, res)
  await deletePeriod(db, period.end, actor.id)
  flash(req, `Deleted. There is no period ending ${formatDay(period.end)} any more.`)
  goTo(req, res, PATH)
}
