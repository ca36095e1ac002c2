import type { Screen } from '../accounts/tab.ts'
import { arrangementsTab } from '../arrangements/tab.ts'
import { autoPaymentTab } from '../auto-payment/tab.ts'
import { customerCodes, locationCodes } from '../codes/tab.ts'
import { contactsTab } from '../contacts/tab.ts'
import { customerCustomFields, locationCustomFields } from '../custom-fields/tab.ts'
import { addressTab } from '../customers/address-tab.ts'
import { customerTab } from '../customers/customer-tab.ts'
import { ownerTab } from '../customers/owner-tab.ts'
import { personalTab } from '../customers/personal-tab.ts'
import { deferredChargesTab } from '../deferred-charges/tab.ts'
import { demographicsTab } from '../demographics/tab.ts'
import { documentsTab } from '../documents/tab.ts'
import { panelHistory } from '../history/tab.ts'
import { depositsTab } from '../locations/deposits-tab.ts'
import { detailsTab } from '../locations/details-tab.ts'
import { locationTab } from '../locations/tab.ts'
import { usageTab } from '../metering/usage-tab.ts'
import { notesTab } from '../notes/tab.ts'
import { permitsTab } from '../permits/records.ts'
import { recurringItemsTab } from '../recurring-items/tab.ts'
import { serviceOrdersTab } from '../service-orders/tab.ts'
import { specialConditionsTab } from '../special-conditions/tab.ts'

/**
 * Customers > Account Control Panel: its twelve tabs in their order, inner tabs beside the one that they stand in [001].
 * A tab belongs to the feature whose records it shows; it is listed here and nowhere else.
 */
export const PANEL: Screen = {
  path: '/panel',
  title: 'Account Control Panel',
  search: '/panel',
  start: 'panel/start',
  tabs: [
    customerTab,
    addressTab.customer,
    personalTab.customer,
    autoPaymentTab.customer,
    customerCodes.customer,
    documentsTab.customer,
    deferredChargesTab.customer,
    customerCustomFields.customer,
    contactsTab,
    locationTab,
    detailsTab,
    depositsTab,
    locationCodes,
    permitsTab,
    locationCustomFields,
    ownerTab,
    addressTab.owner,
    personalTab.owner,
    autoPaymentTab.owner,
    customerCodes.owner,
    documentsTab.owner,
    deferredChargesTab.owner,
    customerCustomFields.owner,
    notesTab,
    panelHistory,
    usageTab,
    demographicsTab,
    serviceOrdersTab,
    recurringItemsTab,
    arrangementsTab,
    specialConditionsTab,
  ],
}
