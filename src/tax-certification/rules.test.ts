import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { aged, type Bucket } from '../ledger/aging.ts'
import { fromCents, money, sum, text } from '../ledger/money.ts'
import { explainCertified } from './explain-rules.ts'
import {
  type CertifiableFacts,
  type CertifiableService,
  type CertificationSettings,
  certifiable,
  certificationFee,
  type MinimumCheck,
  newestCertifiable,
} from './rules.ts'

const of = (unpaid: Record<string, string>): Bucket[] =>
  Object.entries(unpaid).map(([period, amount]) => ({ period, unpaid: money(amount) }))
const GOLDEN = of({ '2010-12-31': '68.27', '2011-01-31': '70.51', '2011-02-28': '65.77', '2011-03-31': '68.88' })
const water = (changes: Partial<CertifiableService> = {}): CertifiableService => {
  return { service: 'WA', name: 'Water', sort: 1, subject: true, periods: 2, buckets: GOLDEN, ...changes }
}
const garbage = (changes: Partial<CertifiableService> = {}): CertifiableService =>
  water({ service: 'GA', name: 'Garbage', sort: 2, periods: 1, buckets: of({ '2011-03-31': '12.00' }), ...changes })
const facts = (changes: Partial<CertifiableFacts> = {}): CertifiableFacts => ({
  services: [water()],
  currentPeriod: '2011-04-30',
  periods: [],
  claims: [],
  priorBalance: money('273.43'),
  currentBalance: money('273.43'),
  bankrupt: false,
  arrangement: false,
  condition: false,
  tenant: false,
  sameYear: { certified: money('0'), fee: money('0') },
  ...changes,
})
const settings = (changes: Partial<CertificationSettings> = {}): CertificationSettings => ({
  minimum: money('200'),
  check: 'delinquent',
  feeAmount: money('25'),
  feeRate: '0',
  certifyBankrupt: true,
  certifyWithArrangement: true,
  certifyWithCondition: true,
  certifyTenantDebt: true,
  ...changes,
})
const shown = (given: CertifiableFacts, by: CertificationSettings) => {
  const result = certifiable(given, by)
  return { certified: text(result.certified), fee: text(result.fee), excluded: result.excluded }
}

describe('certifiable', () => {
  it('the golden case: 204.55 in three months, 68.88 stays, fee 25.00', () => {
    const result = certifiable(facts(), settings())
    expect(result.lines.map((line) => [line.service, line.period, text(line.amount)])).toEqual([
      ['WA', '2010-12-31', '68.27'],
      ['WA', '2011-01-31', '70.51'],
      ['WA', '2011-02-28', '65.77'],
    ])
    expect(shown(facts(), settings())).toEqual({ certified: '204.55', fee: '25.00', excluded: false })
  })

  it('a service that is not subject is left out, whatever its age (K2)', () => {
    expect(shown(facts({ services: [water({ subject: false })] }), settings())).toEqual({
      certified: '0.00',
      fee: '0.00',
      excluded: true,
    })
  })

  it('each service has its own periods (K3), and credit of one does not offset another', () => {
    const credit = water({ service: 'SE', name: 'Sewer', sort: 3, buckets: of({ open: '-100.00' }) })
    expect(shown(facts({ services: [water(), garbage(), credit] }), settings())).toMatchObject({ certified: '216.55' })
    expect(shown(facts({ services: [water({ periods: 0 })] }), settings())).toMatchObject({ certified: '273.43' })
    expect(shown(facts({ services: [water({ periods: 9 })] }), settings())).toMatchObject({
      certified: '0.00',
      excluded: true,
    })
  })

  it.each([
    ['204.55', true],
    ['204.56', false],
  ])('a minimum of %s on 204.55 certifies: %s (K4)', (minimum, certified) => {
    expect(shown(facts(), settings({ minimum: money(minimum) })).excluded).toBe(!certified)
  })

  it.each([
    ['ignore', '9999', '216.55'],
    ['delinquent', '216.55', '216.55'],
    ['delinquent', '216.56', '0.00'],
    ['service', '200.00', '204.55'],
    ['service', '12.00', '216.55'],
    ['service', '204.56', '0.00'],
    ['prior', '150.00', '216.55'],
    ['prior', '150.01', '0.00'],
    ['current', '80.00', '216.55'],
    ['current', '80.01', '0.00'],
  ] as [MinimumCheck, string, string][])('minimum check %s at %s certifies %s', (check, minimum, certified) => {
    const given = facts({ services: [water(), garbage()], priorBalance: money('150'), currentBalance: money('80') })
    expect(shown(given, settings({ check, minimum: money(minimum) })).certified).toBe(certified)
  })

  it('buckets claimed by a certification not yet updated are not certified again (K6)', () => {
    const all = ['2010-12-31', '2011-01-31', '2011-02-28'].map((period) => ({ service: 'WA', period }))
    expect(shown(facts({ claims: all }), settings({ check: 'ignore' }))).toMatchObject({
      certified: '0.00',
      excluded: true,
    })
    const first = facts({ claims: all.slice(0, 1) })
    expect(shown(first, settings({ check: 'ignore' })).certified).toBe('136.28')
    const other = facts({ claims: [{ service: 'SE', period: '2010-12-31' }] })
    expect(shown(other, settings()).certified).toBe('204.55')
  })

  it.each([
    ['bankrupt', 'certifyBankrupt'],
    ['arrangement', 'certifyWithArrangement'],
    ['condition', 'certifyWithCondition'],
    ['tenant', 'certifyTenantDebt'],
  ] as const)('%s is left out only by its setting (K7)', (fact, setting) => {
    expect(shown(facts({ [fact]: true }), settings()).excluded).toBe(false)
    expect(shown(facts({ [fact]: true }), settings({ [setting]: false })).excluded).toBe(true)
    expect(shown(facts(), settings({ [setting]: false })).excluded).toBe(false)
  })

  it('says every test with its value, threshold and outcome', () => {
    const bankrupt = certifiable(facts({ bankrupt: true }), settings({ certifyBankrupt: false, minimum: money('205') }))
    expect(bankrupt.tests).toEqual([
      { test: 'Bankrupt', value: 'yes', threshold: 'no', passed: false },
      { test: 'Unpaid and older than the current portion', value: '204.55', threshold: '0.01', passed: true },
      {
        test: 'Certification minimum balance, total delinquent balance',
        value: '204.55',
        threshold: '205.00',
        passed: false,
      },
    ])
    const byService = certifiable(facts({ services: [water(), garbage()] }), settings({ check: 'service' }))
    expect(byService.excluded).toBe(false)
    expect(byService.tests.at(-1)).toEqual({
      test: 'Certification minimum balance, delinquent balance of Garbage',
      value: '12.00',
      threshold: '200.00',
      passed: false,
    })
  })

  it('certifies what is aged, neither more nor less', () => {
    const period = fc.constantFrom('2010-12-31', '2011-01-31', '2011-02-28', '2011-03-31', '2011-04-30', '2011-05-31')
    const bucket = fc.record({ period, unpaid: fc.bigInt(1n, 9_999n).map(fromCents) })
    const buckets = fc.uniqueArray(bucket, { selector: (each) => each.period })
    fc.assert(
      fc.property(buckets, fc.nat(4), (unpaid, periods) => {
        const result = certifiable(
          facts({ services: [water({ buckets: unpaid, periods })] }),
          settings({ check: 'ignore' }),
        )
        expect(text(result.certified)).toBe(text(aged(unpaid, periods, '2011-04-30', [])))
        expect(text(sum(result.lines.map((line) => line.amount)))).toBe(text(result.certified))
        const explained = explainCertified(water({ buckets: unpaid, periods }), facts())
        expect(text(explained.certified)).toBe(text(result.certified))
      }),
    )
  })
})

describe('newestCertifiable', () => {
  const asService = ([periods, subject]: [number, boolean]) => ({ periods, subject })
  const newest = (...services: [number, boolean][]) => newestCertifiable(services.map(asService), '2011-04-30', [])

  it('is the newest period that any service certifies', () => {
    expect(newest([2, true], [3, true])).toBe('2011-02-28')
    expect(newest([2, true], [1, false])).toBe('2011-02-28')
  })

  it('says nothing where a service certifies every period, or none is certified', () => {
    expect(newest([2, true], [0, true])).toBeUndefined()
    expect(newest([0, false])).toBeUndefined()
  })

  it('leaves nobody out who has something to certify', () => {
    const period = fc.constantFrom('2010-12-31', '2011-01-31', '2011-02-28', '2011-03-31', '2011-04-30')
    fc.assert(
      fc.property(period, fc.nat(4), fc.nat(4), (oldest, wa, ga) => {
        const buckets = of({ [oldest]: '10.00', '2011-05-31': '5.00', open: '-1.00' })
        const services = [water({ periods: wa, buckets }), garbage({ periods: ga, buckets })]
        const limit = newestCertifiable(services, '2011-04-30', [])
        const result = certifiable(facts({ services }), settings({ check: 'ignore' }))
        if (limit !== undefined) expect(result.excluded).toBe(oldest > limit)
      }),
    )
  })
})

describe('the fee (K5)', () => {
  it.each([
    ['204.55', '25.00', '0', '25.00'],
    ['204.55', '25.00', '0.00', '25.00'],
    ['204.55', '25.00', '0.10', '45.46'],
    ['204.55', '0.00', '0.10', '20.46'],
    ['204.55', '0.00', '0.000001', '0.00'],
    ['204.55', '0.00', '0', '0.00'],
    ['0.00', '25.00', '0.10', '0.00'],
  ])('on %s at %s and %s is %s', (certified, amount, feeRate, fee) => {
    expect(text(certificationFee(money(certified), { feeAmount: money(amount), feeRate }))).toBe(fee)
  })

  it.each([
    ['0.10', '100.00', '35.00', '20.46'],
    ['0', '100.00', '25.00', '0.00'],
    ['0', '100.00', '40.00', '0.00'],
    ['0', '0.00', '0.00', '25.00'],
  ])('once per tax year: at %s after %s with fee %s a later run charges %s', (feeRate, certified, fee, due) => {
    const given = facts({ sameYear: { certified: money(certified), fee: money(fee) } })
    expect(shown(given, settings({ feeRate })).fee).toBe(due)
  })
})

describe('explainCertified', () => {
  it('says the setting, the current portion and each period', () => {
    const explained = explainCertified(water(), facts({ claims: [{ service: 'WA', period: '2010-12-31' }] }))
    expect(explained.setting).toBe(
      'Certification Periods of Water is 2, the current period is 04/30/2011: the current portion is 04/30/2011, 03/31/2011.',
    )
    expect(explained.currentPortion).toEqual(['2011-04-30', '2011-03-31'])
    expect(explained.periods.map((each) => [each.certified, each.age, each.why])).toEqual([
      [false, 1, '03/31/2011: 68.88 unpaid, part of the current portion.'],
      [true, 2, '02/28/2011: 65.77 unpaid, 2 periods back, older than the current portion.'],
      [true, 3, '01/31/2011: 70.51 unpaid, 3 periods back, older than the current portion.'],
      [false, 4, '12/31/2010: 68.27 unpaid, certified already and not yet updated.'],
    ])
    expect(text(explained.certified)).toBe('136.28')
  })

  it('says why a service is out, and that there is no current portion', () => {
    expect(explainCertified(water({ subject: false }), facts())).toMatchObject({
      setting: 'Water is not subject to tax certification.',
      currentPortion: [],
      certified: money('0'),
    })
    expect(explainCertified(garbage({ periods: 0 }), facts())).toMatchObject({
      setting: 'Certification Periods of Garbage is 0, the current period is 04/30/2011: there is no current portion.',
      periods: [{ why: '03/31/2011: 12.00 unpaid, 1 period back, older than the current portion.' }],
    })
  })
})
