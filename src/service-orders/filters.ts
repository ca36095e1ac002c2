import { type Status, statusAsked } from './rules.ts'

/** What the control panel shows; `page` as it stands in the address. */
export interface Filters {
  status: Status
  category: string
  route: string
  page: string
}

const text = (value: unknown): string => (typeof value === 'string' ? value.normalize('NFC').trim().slice(0, 100) : '')

/** The filters of an address or of a form that carries them. */
export const filtersOf = (fields: Record<string, unknown>): Filters => ({
  status: statusAsked(fields.status),
  category: text(fields.category),
  route: text(fields.route),
  page: text(fields.page),
})

/** The control panel as it was filtered. */
export const listAddress = (filters: Filters): string => `/service-orders?${new URLSearchParams({ ...filters })}`
