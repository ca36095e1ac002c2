import { addTabs, tabPage } from '../accounts/inquiry.ts'
import { lookupPage } from '../accounts/lookup-page.ts'
import { addressTab } from '../customers/address-tab.ts'
import type { FeatureMaker } from '../web/deps.ts'
import { feature } from '../web/routes.ts'
import { RECORD_KINDS } from './record-kinds.ts'
import { addPanelRecord } from './record-pages.ts'
import { stepLocation, toFirstLocation } from './steps.ts'
import { PANEL } from './tabs.ts'

/** Customers > Account Control Panel: opens after sign-in, with a box for whatever the caller says [001]. */
export const pages: FeatureMaker = () => {
  const made = feature('panel')
    .get('/panel', 'customers.view', lookupPage(PANEL), { menu: 'Customers > Account Control Panel' })
    .get('/panel/first-location', 'customers.view', toFirstLocation)
    .get('/panel/:number/next-location', 'customers.view', stepLocation(true))
    .get('/panel/:number/previous-location', 'customers.view', stepLocation(false))
    .get('/panel/:number', 'customers.view', tabPage(PANEL, addressTab.customer))
  addTabs(made, PANEL)
  for (const frame of RECORD_KINDS) addPanelRecord(made, frame)
  return made
}
