import { billingForm } from './billing-form.ts'
import { settingTab } from './setting-tab.ts'

/** Organization > Organization > Billing. */
export const billing = settingTab({ label: 'Billing', path: 'billing', form: billingForm })
