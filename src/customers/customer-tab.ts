import { outerTab } from '../panel/person.ts'

/** Account Control Panel > Customer: Customer ID, personal information, Message Center [001]. */
export const customerTab = outerTab('customer', 'Customer')
