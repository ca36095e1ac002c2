import { outerTab } from '../panel/person.ts'

/**
 * Account Control Panel > Owner: of a rental only, with the features of the Customer tab [001-333, 001-334]. Who owns a
 * place is kept while Rental is off.
 */
export const ownerTab = outerTab('owner', 'Owner', ({ location }) => location.rental)
