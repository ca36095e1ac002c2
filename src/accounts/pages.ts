import { addRecord } from '../customers/record.ts'
import type { FeatureMaker } from '../web/deps.ts'
import { feature } from '../web/routes.ts'
import { accounts } from './accounts.ts'
import { balancePage, bucketPage, transactionPage, yearPage } from './explain-pages.ts'
import { addTabs } from './inquiry.ts'
import { lookupPage } from './lookup-page.ts'
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
}
