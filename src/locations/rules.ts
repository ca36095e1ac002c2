import type { Day } from '../ledger/calendar.ts'

interface Connected {
  connectDate: Day | null
  disconnectDate: Day | null
}

/** Utility status of a service on a day: off from its disconnect date on, waiting before its connect date, else on. */
export function statusOf({ connectDate, disconnectDate }: Connected, day: Day): 'On' | 'Off' | 'Waiting' {
  if (disconnectDate !== null && disconnectDate <= day) return 'Off'
  return connectDate !== null && connectDate > day ? 'Waiting' : 'On'
}

/** Billing status: billed while the service is active in the town and connected here. */
export const activeText = (service: Connected & { active: boolean }, day: Day): 'Yes' | 'No' =>
  service.active && statusOf(service, day) === 'On' ? 'Yes' : 'No'

/** The link to the town's map site: `{address}` in it stands for the address. Empty = no map. */
export const mapLink = (site: string, address: string): string =>
  /^https:\/\//.test(site) ? site.replace('{address}', encodeURIComponent(address)) : ''
