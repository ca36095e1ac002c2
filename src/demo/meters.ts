import { addMonths, type Day } from '../ledger/calendar.ts'
import { type Person, sequence } from './people.ts'
import { made, type TownTable } from './table.ts'

/** Gallons to a count of the register. */
const MULTIPLIER = 100n
const DIALS = 5
/** The village renewed its meters on this day and has read them on the 27th since, 26 times. */
const RENEWED = '2024-08-27'
const READS = 26
/** Of every tenth house, the day of another exchange. */
const EXCHANGED = '2025-09-27'
// January to December: lawns.
const SEASON = [80, 80, 84, 90, 105, 135, 160, 150, 110, 90, 82, 80]

const WATER = {
  home: { rate: 'W-5/8', size: '5/8', base: 1400n, most: 34 },
  business: { rate: 'W-1', size: '1', base: 2600n, most: 88 },
}

const CENTS_A_COUNT = 65n

const kindOf = ({ business }: Person) => (business ? WATER.business : WATER.home)
export const rateOf = (person: Person): string => kindOf(person).rate

const readDay = (place: number): Day => addMonths(RENEWED, place + 1)

/** What a meter counted until each of its reads: more in summer, and in every house its own. */
function countsOf(person: Person): bigint[] {
  const random = sequence(person.number)
  const usual = kindOf(person).most * (0.6 + random() * 0.6)
  return Array.from({ length: READS }, (_, place) => {
    const season = SEASON[Number(readDay(place).slice(5, 7)) - 1] ?? 100
    return BigInt(Math.round((usual * season * (0.9 + random() * 0.2)) / 100))
  })
}

const wasExchanged = ({ number }: Person): boolean => number % 10 === 7
const numberOf = ({ number }: Person, renewed: boolean) => String((renewed ? 61_400_000 : 52_100_000) + number * 7)

export interface Usage {
  readDate: Day
  meter: string
  gallons: bigint
  cents: bigint
}

/** What the read of a month says and what its water costs: the base charge and so much a hundred gallons. */
export function usageOf(person: Person, month: Day): Usage {
  const counts = countsOf(person)
  const place = counts.findIndex((_, at) => readDay(at).slice(0, 7) === month.slice(0, 7))
  const count = counts[place] ?? 0n
  const readDate = readDay(place)
  return {
    readDate,
    meter: numberOf(person, wasExchanged(person) && readDate > EXCHANGED),
    gallons: count * MULTIPLIER,
    cents: kindOf(person).base + count * CENTS_A_COUNT,
  }
}

/** The meters of a house: number, day it was put in, day it was taken out, what it showed then. */
const metersOf = (person: Person): [string, Day, Day, string][] =>
  wasExchanged(person)
    ? [
        [numberOf(person, false), RENEWED, EXCHANGED, '0'],
        [numberOf(person, true), EXCHANGED, '', '0'],
      ]
    : [[numberOf(person, false), RENEWED, '', '0']]

function readingsOf(person: Person): string[][] {
  let register = 0n
  let last = ''
  return countsOf(person).map((count, place) => {
    const date = readDay(place)
    const meter = numberOf(person, wasExchanged(person) && date > EXCHANGED)
    register = (meter === last ? register : 0n) + count
    last = meter
    const estimated = place < READS - 2 && (person.number + place) % 23 === 0 && date !== EXCHANGED
    return [meter, date, String(register), estimated ? 'estimated' : 'actual']
  })
}

/** Water meters and what was read on them. */
export const meterTables = (persons: Person[]): TownTable[] => [
  made(
    'meters',
    'meter_number,service,location_number,dials,multiplier,unit,size,install_date,remove_date,install_read',
    persons.flatMap((person) =>
      metersOf(person).map(([number, from, to, read]) => [
        ...[number, 'WA', String(person.number + 4000), String(DIALS), String(MULTIPLIER), 'gallon'],
        ...[kindOf(person).size, from, to, read],
      ]),
    ),
  ),
  made('readings', 'meter_number,read_date,reading,kind', persons.flatMap(readingsOf)),
]
