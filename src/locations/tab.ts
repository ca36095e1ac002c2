import { outerTab } from '../panel/person.ts'

/** Location: ID, Message Center, five inner tabs, Service Details [001-286]. */
export const locationTab = outerTab('location', 'Location')
