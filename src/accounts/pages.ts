import type { Request, Response } from 'express'
import { addRecord } from '../customers/record.ts'
import { context } from '../web/context.ts'
import type { FeatureMaker } from '../web/deps.ts'
import { type Feature, feature } from '../web/routes.ts'
import { goTo, view } from '../web/view.ts'
import { accounts } from './accounts.ts'
import { balancePage, bucketPage, transactionPage, yearPage } from './explain-pages.ts'
import { baseOf, showTab } from './inquiry.ts'
import { firstAccount } from './lookup-store.ts'
import { addNote, newNote } from './note-pages.ts'
import { lookup } from './service.ts'
import { addService, editService, newService, removeService, saveService } from './service-pages.ts'
import { TABS } from './tabs.ts'

/** Customers > Customer Inquiry: the lookup, the account's page with its tabs, and what explains its numbers. */
export const pages: FeatureMaker = () => {
  const made = feature('accounts').get('/customers/inquiry', 'customers.view', inquiry, {
    menu: 'Customers > Customer Inquiry',
  })
  addRecord(made, accounts)
  addTabs(made)
  return made
    .get('/accounts/:number/explain', 'customers.view', balancePage)
    .get('/accounts/:number/explain/certified/:taxYear', 'certification.view', yearPage)
    .get('/accounts/:number/explain/:service/:bucket', 'customers.view', bucketPage)
    .get('/accounts/:number/transactions/:transaction', 'customers.view', transactionPage)
    .get('/accounts/:number/notes/new', 'notes.edit', newNote)
    .post('/accounts/:number/notes', 'notes.edit', addNote)
    .get('/accounts/:number/services/new', 'customers.edit', newService)
    .post('/accounts/:number/services', 'customers.edit', addService)
    .get('/accounts/:number/services/:service', 'customers.edit', editService)
    .post('/accounts/:number/services/:service', 'customers.edit', saveService)
    .post('/accounts/:number/services/:service/delete', 'customers.edit', removeService)
}

function addTabs(made: Feature): void {
  for (const tab of TABS) {
    made.get(tab.path === '' ? '/accounts/:number' : `/accounts/:number/${tab.path}`, tab.need, showTab(tab))
  }
}

/** One box for whatever the caller says; the only hit of a whole number or a full answer opens at once. */
async function inquiry(req: Request, res: Response): Promise<void> {
  const { db } = context(res)
  const q = typeof req.query.q === 'string' ? req.query.q.normalize('NFC').trim().slice(0, 100) : ''
  const live = req.query.live !== undefined
  const [list, firstNumber] = await Promise.all([lookup(db, q), live ? '' : firstAccount(db)])
  const certain = list.find((found) => found.accountNumber === q) ?? (list.length === 1 ? list[0] : undefined)
  if (certain && !live) return goTo(req, res, baseOf(certain.accountNumber))
  view(req, res, 'accounts/inquiry', { title: 'Customer Inquiry', q, list, firstNumber }, { block: 'found' })
}
