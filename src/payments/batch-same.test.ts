import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { checkLedger } from '../ledger/check.ts'
import { type Bill, type Case, type Step, twice } from '../testing/batch-twins.ts'
import { MOVEMENT_DAY, type MovementTown, movementTown } from '../testing/movement-town.ts'

let made: MovementTown

beforeAll(async () => {
  made = await movementTown()
})
afterAll(async () => {
  expect((await checkLedger(made.town.db)).filter(({ faults }) => faults > 0)).toEqual([])
  await made.town.drop()
})

const EACH = {
  code: 'EACH',
  name: 'Trees',
  signup: 'opt_out',
  useFixed: true,
  fixed: '4.00',
  trigger: 'payment',
  sort: 1,
} as const
const OVER = { ...EACH, code: 'OVER', name: 'Donation', fixed: '3.00', trigger: 'overpayment', sort: 2 } as const
const FIRST_SEWER = { first: ['SE'], second: ['WA'] }
const LATE_WATER: Bill[] = [
  { date: '2011-03-10', amounts: { WA: '30.00' } },
  { date: '2011-04-15', amounts: { WA: '70.00', SE: '50.00' } },
]
const LATE_FIRST = { pay_past_due_first: 'yes' }

describe('a batch posts what the same payments one by one post', () => {
  it('past due first: what an earlier row paid is no longer past due', async () => {
    const steps = [{ pay: '30.00' }, { pay: '30.00' }]
    const left = await twice(made, { bills: LATE_WATER, settings: LATE_FIRST, lists: FIRST_SEWER, steps })
    expect(left).toEqual(['WA 2011-04-30 70.00', 'SE 2011-04-30 20.00'])
  })

  it.each<[string, Omit<Case, 'bills'> & { bills?: Bill[] }]>([
    [
      'part of the past due',
      { settings: LATE_FIRST, lists: FIRST_SEWER, steps: [{ pay: '12.50' }, { pay: '20.00' }, { pay: '1.01' }] },
    ],
    [
      'rows of different days',
      {
        settings: LATE_FIRST,
        lists: FIRST_SEWER,
        steps: [{ pay: '10.00', date: '2011-03-20' }, { pay: '15.00' }, { pay: '50.00', date: '2011-05-09' }],
      },
    ],
    [
      'an overpayment by what was paid: the rows before count',
      {
        settings: { overpayment_method: 'history' },
        lists: FIRST_SEWER,
        paid: [{ pay: '30.00', byHand: { WA: '30.00' } }],
        steps: [{ pay: '120.00' }, { pay: '10.00' }, { pay: '7.77' }],
      },
    ],
    [
      'an overpayment by what was charged: so do the charges that came with them',
      {
        bills: [],
        settings: { overpayment_method: 'all_except' },
        lists: { exclude: ['TX'] },
        deferred: [EACH, OVER],
        steps: [{ pay: '5.00' }, { pay: '10.00' }],
      },
    ],
    [
      'a row of another twelve months is not counted',
      {
        settings: { overpayment_method: 'history' },
        lists: FIRST_SEWER,
        steps: [{ pay: '150.00', date: '2010-03-01' }, { pay: '10.00' }, { pay: '3.00', date: '2011-02-28' }],
      },
    ],
    [
      'a charge that comes with a payment makes its bucket due later',
      {
        bills: [
          { date: '2011-04-01', amounts: { WA: '30.00' } },
          { date: '2011-04-10', amounts: { SE: '20.00' } },
        ],
        settings: { ...LATE_FIRST, due_days: '5' },
        lists: FIRST_SEWER,
        deferred: [EACH],
        steps: [{ pay: '8.00' }, { pay: '25.00' }],
      },
    ],
    [
      'more charged on a bucket that was paid is due with it',
      {
        bills: [{ date: '2011-03-30', amounts: { WA: '20.00', SE: '30.00' } }],
        paid: [{ pay: '20.00', byHand: { WA: '20.00' } }],
        settings: LATE_FIRST,
        lists: FIRST_SEWER,
        steps: [
          { adjust: 0, by: { WA: '5.00' }, date: '2011-03-12' },
          { pay: '4.00', date: '2011-04-18' },
          { pay: '4.00' },
        ],
      },
    ],
    [
      'everything was paid before the batch',
      {
        bills: [{ date: '2011-03-30', amounts: { WA: '20.00' } }],
        paid: [{ pay: '20.00' }],
        settings: LATE_FIRST,
        lists: FIRST_SEWER,
        steps: [
          { adjust: 0, by: { WA: '5.00' }, date: '2011-03-12' },
          { adjust: 0, by: { WA: '-2.00' } },
          { pay: '2.00', date: '2011-04-18' },
        ],
      },
    ],
    [
      'by hand, then by the rules',
      { steps: [{ pay: '40.00', byHand: { SE: '35.00', WA: '5.00' } }, { pay: '33.33' }] },
    ],
    [
      'credit that an earlier row left is taken up',
      {
        settings: { overpayment_method: 'open_credit' },
        steps: [{ pay: '170.00' }, { adjust: 1, by: { SE: '12.00' } }, { pay: '1.00' }],
      },
    ],
  ])('%s', async (_, { bills = LATE_WATER, ...given }) => {
    await twice(made, { ...given, bills })
  })
})

/** Numbers that look like chance and are the same each time. */
function chance(seed: number) {
  let state = seed
  const next = (): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 2 ** 32
  }
  return {
    of: <T>(list: readonly T[]): T => list[Math.floor(next() * list.length)] as T,
    cents: (most: number) => ((1 + Math.floor(next() * most * 100)) / 100).toFixed(2),
    times: <T>(from: number, to: number, make: () => T): T[] =>
      Array.from({ length: from + Math.floor(next() * (to - from + 1)) }, make),
  }
}

const DAYS = ['2011-02-25', '2011-03-05', '2011-03-25', '2011-04-02', '2011-04-14', MOVEMENT_DAY, '2011-05-11']

function anyCase(seed: number): Case {
  const { of, cents, times } = chance(seed)
  const bills = times(1, 4, () => ({
    date: of(DAYS.slice(0, 5)),
    amounts: Object.fromEntries([of(['WA', 'SE', 'TX']), of(['WA', 'SE'])].map((code) => [code, cents(60)])),
  }))
  const step = (): Step => {
    if (of([true, true, true, false])) return { pay: cents(70), date: of(DAYS) }
    const at = Math.floor(Number(cents(bills.length)) % bills.length)
    const [code = 'WA', amount = '1.00'] = of(Object.entries(bills[at]?.amounts ?? {}))
    return { adjust: at, by: { [code]: of([cents(20), `-${amount}`, '-0.50']) }, date: of(DAYS) }
  }
  return {
    bills,
    paid: times(0, 2, () => ({ pay: cents(40), date: of(DAYS.slice(0, 5)) })),
    settings: {
      pay_past_due_first: of(['yes', 'yes', 'no']),
      overpayment_method: of(['listed', 'history', 'all_except', 'open_credit']),
      due_days: of(['0', '5', '20']),
    },
    lists: of([FIRST_SEWER, { first: ['WA', 'SE'] }, { third: ['TX'], exclude: ['WA'] }, {}]),
    deferred: of([[], [EACH], [EACH, OVER]]),
    steps: times(2, 6, step),
  }
}

describe('whatever is entered', () => {
  it.each(Array.from({ length: 24 }, (_, seed) => seed + 1))('case %i', async (seed) => {
    await twice(made, anyCase(seed))
  })
})
