import { SETUP_TABLES } from '../../set-up-tables.ts'
import { plainName, type TownFile } from '../town-file.ts'
import { accountServices, accounts } from './accounts.ts'
import { customerAlerts } from './alerts.ts'
import { arrangementInstalments, arrangementServices, arrangements } from './arrangements.ts'
import { autoPayments, deferredParticipations } from './auto-payments.ts'
import {
  contactAddresses,
  contactEmails,
  contactPhones,
  contacts,
  masterContacts,
  masterMerges,
  masterMoves,
} from './contacts.ts'
import { countyLayoutFields, countyLayouts } from './county-layouts.ts'
import { customerAddresses, customerPhones } from './customer-places.ts'
import { customers } from './customers.ts'
import { assignedCodes, customValues, documents, permits } from './extras.ts'
import { locations } from './locations.ts'
import { installations, meters, readings } from './meters.ts'
import { noteAttachments, notes } from './notes.ts'
import { organization } from './organization.ts'
import { paymentAllocation } from './payment-allocation.ts'
import { periods } from './periods.ts'
import { rateBlocks, rateSizes, rates } from './rates.ts'
import { receipts } from './receipts.ts'
import { runEffects } from './run-effects.ts'
import { runAccounts, runExclusions, runFiles } from './run-rows.ts'
import { runs } from './runs.ts'
import { savedCriteria } from './saved-criteria.ts'
import { serviceOrders } from './service-orders.ts'
import { setUpFile } from './set-up.ts'
import { MEANING } from './set-up-meaning.ts'
import { beginningReads, cosigners, depositAgreements, landlordAgreements, moveOuts } from './setup.ts'
import { refundChecks, statements } from './statements.ts'
import { appliedItems, demographics, demographicValues, demographicVariances, specialConditions } from './terms.ts'

const OWN: TownFile[] = [
  ...[statements, refundChecks],
  ...[runs, runAccounts, runExclusions, runEffects, runFiles, customerAlerts],
  ...[paymentAllocation, organization, periods, rates, rateBlocks, rateSizes, customers, locations, accounts],
  ...[customerAddresses, customerPhones],
  ...[cosigners, landlordAgreements, depositAgreements, moveOuts, beginningReads],
  ...[autoPayments, deferredParticipations],
  ...[masterContacts, contacts, contactAddresses, contactEmails, contactPhones, masterMerges, masterMoves],
  ...[
    accountServices,
    meters,
    readings,
    installations,
    notes,
    receipts,
    savedCriteria,
    countyLayouts,
    countyLayoutFields,
  ],
  ...[serviceOrders, assignedCodes, customValues, permits, documents],
  ...[arrangements, arrangementServices, arrangementInstalments],
  ...[noteAttachments, specialConditions, appliedItems, demographics, demographicValues, demographicVariances],
]

/** Each file after those whose rows it names; else as they stand. */
function inOrder(files: readonly TownFile[]): TownFile[] {
  const ordered: TownFile[] = []
  const met = new Set<TownFile>()
  const add = (file: TownFile) => {
    met.add(file)
    const named = new Set(file.columns.map(({ refers }) => refers?.table))
    for (const other of files) {
      if (!met.has(other) && named.has(plainName(other.table))) add(other)
    }
    ordered.push(file)
  }
  for (const file of files) if (!met.has(file)) add(file)
  return ordered
}

/** The set-up files, each after those whose rows it names: those of the set-up tables out of their declarations. */
export const SET_UP_FILES: TownFile[] = inOrder([
  ...SETUP_TABLES.map((declared) => setUpFile(declared, MEANING[declared.name])),
  ...OWN,
])
