import { formatDay } from '../ledger/calendar.ts'

interface Decimal {
  toFixed(places: number): string
}

/** '1,204.18' from an amount (text or Money); negative with a plain hyphen, so that it pastes as a number. */
export function moneyText(value: string | Decimal): string {
  const plain = typeof value === 'string' ? value : value.toFixed(2)
  return grouped(plain)
}

// Most amounts are shown as they come: nothing to set off.
const SMALL = /^-?[1-9]\d{0,2}\.\d\d$/

/** An amount as a table shows it: a minus in red, zero dim, none blank. Markup around digits of our own making. */
export function amountMarkup(value: string | Decimal | null | undefined): string {
  if (value === null || value === undefined || value === '') return ''
  if (typeof value === 'string' && SMALL.test(value)) return marked(value)
  const shown = moneyText(value)
  if (!/^-?[\d,.]+$/.test(shown)) throw new RangeError('not an amount')
  return shown === '0.00' ? '<span class="dim">0.00</span>' : marked(shown)
}

const marked = (shown: string): string => (shown[0] === '-' ? `<span class="neg">${shown}</span>` : shown)

/** '12,345' or '12,345.678': digit groups, everything behind the point as it came. */
export function grouped(value: string | number): string {
  const plain = String(value)
  // most amounts have no group to set off
  if (/^-?\d{1,3}(\.\d*)?$/.test(plain)) return plain
  const [whole = '', rest] = plain.split('.')
  const groups = whole.replace(/\B(?=(\d{3})+$)/g, ',')
  return rest === undefined ? groups : `${groups}.${rest}`
}

/** MM/DD/YYYY for a day; an empty text for none. */
export function dayText(value: string | null | undefined): string {
  return value ? formatDay(value) : ''
}

const clocks = new Map<string, Intl.DateTimeFormat>()

/** '11/18/2026 9:05 AM' for a moment, on the town's clock. */
export function momentText(value: string | Date, timezone: string): string {
  let clock = clocks.get(timezone)
  if (!clock) {
    clock = new Intl.DateTimeFormat('en-US', {
      timeZone: timezone,
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: 'numeric',
      minute: '2-digit',
    })
    clocks.set(timezone, clock)
  }
  return clock.format(new Date(value)).replace(',', '').replace(/\s/g, ' ')
}

/** 'November 2026' for the day a period ends on. */
export function periodText(value: string | null | undefined): string {
  if (!value) return ''
  const months = 'January February March April May June July August September October November December'.split(' ')
  return `${months[Number(value.slice(5, 7)) - 1]} ${value.slice(0, 4)}`
}
