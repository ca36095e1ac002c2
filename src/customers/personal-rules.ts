import type { Day } from '../ledger/calendar.ts'

/**
 * A Social Security number in the town's own way of writing: nine digits, with hyphens, blanks or neither [001-133].
 * None begins with 000 or 666, and none has a part of zeros; numbers from 900 are given to taxpayers without one.
 */
export const isSsn = (typed: string): boolean => /^(?!000|666)\d{3}([- ]?)(?!00)\d{2}\1(?!0000)\d{4}$/.test(typed)

/** A driver's license number: letters and digits, with hyphens, points or blanks between them. */
export const isLicence = (typed: string): boolean => /^[\p{L}\p{N}]([\p{L}\p{N}. -]{0,28}[\p{L}\p{N}])?$/u.test(typed)

/** A date of birth lies on or before today and is not older than 150 years. */
export const isBirthDate = (day: Day, today: Day): boolean =>
  day <= today && Number(today.slice(0, 4)) - Number(day.slice(0, 4)) <= 150

const NAMES = [
  ...[
    'Alabama AL',
    'Alaska AK',
    'Arizona AZ',
    'Arkansas AR',
    'California CA',
    'Colorado CO',
    'Connecticut CT',
    'Delaware DE',
  ],
  ...[
    'District of Columbia DC',
    'Florida FL',
    'Georgia GA',
    'Guam GU',
    'Hawaii HI',
    'Idaho ID',
    'Illinois IL',
    'Indiana IN',
  ],
  ...[
    'Iowa IA',
    'Kansas KS',
    'Kentucky KY',
    'Louisiana LA',
    'Maine ME',
    'Maryland MD',
    'Massachusetts MA',
    'Michigan MI',
  ],
  ...['Minnesota MN', 'Mississippi MS', 'Missouri MO', 'Montana MT', 'Nebraska NE', 'Nevada NV', 'New Hampshire NH'],
  ...[
    'New Jersey NJ',
    'New Mexico NM',
    'New York NY',
    'North Carolina NC',
    'North Dakota ND',
    'Ohio OH',
    'Oklahoma OK',
  ],
  ...['Oregon OR', 'Pennsylvania PA', 'Puerto Rico PR', 'Rhode Island RI', 'South Carolina SC', 'South Dakota SD'],
  ...['Tennessee TN', 'Texas TX', 'Utah UT', 'Vermont VT', 'Virginia VA', 'Virgin Islands VI', 'Washington WA'],
  ...['West Virginia WV', 'Wisconsin WI', 'Wyoming WY', 'another country --'],
]

/** The states that issue a driver's license [001-129]. */
export const STATES = NAMES.map((name) => ({ value: name.slice(-2), label: name.slice(0, -3) }))
