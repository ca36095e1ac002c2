import { describe, expect, it } from 'vitest'
import { isInSeason, mailingAddressOn, mailingLines, seasonsOverlap } from './mailing-rules.ts'

const home = { primary: true, addressLine1: 'PO Box 214' }
const work = { primary: false, addressLine1: '1 Mill Rd' }
const winter = { primary: false, addressLine1: '9 Palm Ave', mailFrom: '11-15', mailTo: '03-31' }
const summer = { primary: false, addressLine1: 'Lake Cabin', mailFrom: '06-01', mailTo: '08-31' }

describe('001-101 001-103: where mail goes on a day', () => {
  const all = [work, summer, home, winter]
  it.each([
    ['2026-01-10', winter],
    ['2026-03-31', winter],
    ['2026-04-01', home],
    ['2026-06-01', summer],
    ['2026-08-31', summer],
    ['2026-09-01', home],
    ['2026-11-14', home],
    ['2026-11-15', winter],
  ])('%s', (day, to) => expect(mailingAddressOn(all, day)).toBe(to))

  it('of two seasons in force the one that began last is taken', () => {
    const march = { primary: false, addressLine1: 'X', mailFrom: '03-01', mailTo: '04-15' }
    expect(mailingAddressOn([home, winter, march], '2026-03-10')).toBe(march)
    expect(mailingAddressOn([home, march, winter], '2026-02-28')).toBe(winter)
    const year = { primary: false, addressLine1: 'Y', mailFrom: '02-01', mailTo: '01-31' }
    expect(mailingAddressOn([winter, year, home], '2026-01-02')).toBe(winter)
  })

  it('a primary address that is not on file leaves nothing but the season', () => {
    const none = { primary: true, addressLine1: null }
    expect(mailingAddressOn([none, work], '2026-01-10')).toBeUndefined()
    expect(mailingAddressOn([none, winter], '2026-01-10')).toBe(winter)
    expect(mailingAddressOn([], '2026-01-10')).toBeUndefined()
  })

  it('a season to February 29 holds to the end of February every year', () => {
    const until = { primary: false, addressLine1: 'X', mailFrom: '01-01', mailTo: '02-29' }
    expect(isInSeason(until, '2026-02-28')).toBe(true)
    expect(isInSeason(until, '2028-02-29')).toBe(true)
    expect(isInSeason(until, '2026-03-01')).toBe(false)
  })

  it('seasons that share a day overlap, over the year’s end too', () => {
    const season = (mailFrom: string, mailTo: string) => ({ mailFrom, mailTo })
    expect(seasonsOverlap(season('11-15', '03-31'), season('03-31', '05-01'))).toBe(true)
    expect(seasonsOverlap(season('11-15', '03-31'), season('12-01', '12-24'))).toBe(true)
    expect(seasonsOverlap(season('12-01', '12-24'), season('11-15', '03-31'))).toBe(true)
    expect(seasonsOverlap(season('11-15', '03-31'), season('04-01', '11-14'))).toBe(false)
  })
})

describe('001-105 to 001-110: the lines under the name', () => {
  it('leave out what is not there', () => {
    expect(mailingLines({ addressLine1: 'PO Box 214', city: 'Marlow Ferry', state: 'ID', zip: '83000' })).toEqual([
      'PO Box 214',
      'Marlow Ferry, ID 83000',
    ])
    expect(
      mailingLines({
        careOf: 'Ann Lee',
        addressLine1: '1 Mill Rd',
        addressLine2: 'Apt 2',
        city: '',
        zip: 'K1A',
        country: 'Canada',
      }),
    ).toEqual(['c/o Ann Lee', '1 Mill Rd', 'Apt 2', 'K1A', 'Canada'])
  })
})
