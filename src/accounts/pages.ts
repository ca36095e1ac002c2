import { addRecord } from '../customers/record.ts'
import type { FeatureMaker } from '../web/deps.ts'
import { feature } from '../web/routes.ts'
import { accounts } from './accounts.ts'
import { balancePage, bucketPage, transactionPage, yearPage } from './explain-pages.ts'
import { addTabs } from './inquiry.ts'
import { lookupPage } from './lookup-page.ts'
import { addNote, newNote } from './note-pages.ts'
import { addService, editService, newService, removeService, saveService } from './service-pages.ts'
import { INQUIRY } from './tabs.ts'

/** Customers > Customer Inquiry: the lookup, the account's page with its tabs, and what explains its numbers. */
export const pages: FeatureMaker = () => {
  const made = feature('accounts').get('/customers/inquiry', 'customers.view', lookupPage(INQUIRY), {
    menu: 'Customers > Customer Inquiry',
  })
  addRecord(made, accounts)
  addTabs(made, INQUIRY)
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
