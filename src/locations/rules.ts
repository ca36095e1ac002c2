import type { Day } from '../ledger/calendar.ts'
import { type Connected, isConnectedOn } from '../ledger/connected.ts'

/** Utility status of a service on a day: on as `isConnectedOn` says, waiting before its connect date, else off. */
export function statusOf(service: Connected, day: Day): 'On' | 'Off' | 'Waiting' {
  if (isConnectedOn(service, day)) return 'On'
  const ended = service.disconnectDate !== null && service.disconnectDate < day
  return ended ? 'Off' : 'Waiting'
}

/** Billing status: billed while the service is active in the town and connected here. */
export const activeText = (service: Connected & { active: boolean }, day: Day): 'Yes' | 'No' =>
  service.active && statusOf(service, day) === 'On' ? 'Yes' : 'No'

/** The link to the town's map site: `{address}` in it stands for the address. Empty = no map. */
export const mapLink = (site: string, address: string): string =>
  /^https:\/\//.test(site) ? site.replace('{address}', encodeURIComponent(address)) : ''
