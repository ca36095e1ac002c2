import { addTabs } from '../accounts/inquiry.ts'
import { lookupPage } from '../accounts/lookup-page.ts'
import type { FeatureMaker } from '../web/deps.ts'
import { feature } from '../web/routes.ts'
import { PANEL } from './tabs.ts'

/** Customers > Account Control Panel: opens after sign-in, with a box for whatever the caller says [001]. */
export const pages: FeatureMaker = () => {
  const made = feature('panel').get('/panel', 'customers.view', lookupPage(PANEL), {
    menu: 'Customers > Account Control Panel',
  })
  addTabs(made, PANEL)
  return made
}
