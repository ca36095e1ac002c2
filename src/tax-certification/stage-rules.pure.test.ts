import { describe, expect, it } from 'vitest'
import { money } from '../ledger/money.ts'
import { type CaseFacts, stageOf } from './stage-rules.ts'

const NEW: CaseFacts = {
  withdrawn: false,
  noticeDate: null,
  countyFile: null,
  updatedDate: null,
  posted: money('0'),
  paid: money('0'),
  balance: money('0'),
}
const POSTED = { updatedDate: '2011-04-30', posted: money('229.55'), balance: money('229.55') }

describe('stageOf', () => {
  it.each([
    [{}, 'certified'],
    [{ noticeDate: '2011-05-01' }, 'noticed'],
    [{ noticeDate: '2011-05-01', countyFile: 'a.csv' }, 'in_county_file'],
    [POSTED, 'updated'],
    [{ ...POSTED, countyFile: 'a.csv' }, 'in_county_file'],
    [{ ...POSTED, countyFile: 'a.csv', paid: money('114.78'), balance: money('114.77') }, 'partly_paid'],
    [{ ...POSTED, paid: money('229.55'), balance: money('0') }, 'paid'],
    [{ ...POSTED, balance: money('0') }, 'settled'],
    [{ updatedDate: '2011-04-30' }, 'paid_before'],
    [{ ...POSTED, withdrawn: true }, 'withdrawn'],
  ] as const)('%j: %s', (changes, stage) => {
    expect(stageOf({ ...NEW, ...changes })).toBe(stage)
  })
})
