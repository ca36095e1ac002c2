import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { bucketSum, post } from '../ledger/aging.ts'
import { fromCents, money, sum, text } from '../ledger/money.ts'
import type { CertifiedLine } from './rules.ts'
import { checkUpdateDate, description, reduceCertification, updateCertification, yearFees } from './update-rules.ts'

const line = (service: string, period: string, amount: string): CertifiedLine => ({
  service,
  period,
  amount: money(amount),
})
const show = (lines: CertifiedLine[]) => lines.map((each) => [each.service, each.period, text(each.amount)])
const DEC = line('WA', '2010-12-31', '68.27')
const JAN = line('WA', '2011-01-31', '70.51')
const FEB = line('WA', '2011-02-28', '65.77')
const GOLDEN = { lines: [DEC, JAN, FEB], fee: money('25'), inCountyFile: true }
const bucket = (period: string, unpaid: string) => ({ period, unpaid: money(unpaid) })

describe('updateCertification (product.md 3.10)', () => {
  const march = bucket('2011-03-31', '68.88')

  it('takes exactly the certified buckets: 273.43 becomes 68.88', () => {
    const buckets = [...GOLDEN.lines.map(({ period, amount }) => ({ period, unpaid: amount })), march]
    const update = updateCertification(GOLDEN, { WA: buckets })
    expect(show(update.posted)).toEqual(show(GOLDEN.lines))
    expect(update.padj.map((each) => [each.service, text(each.amount)])).toEqual([['WA', '204.55']])
    expect([text(update.total), text(update.fee)]).toEqual(['204.55', '25.00'])
    expect([update.paidBefore, update.countyMustBeTold]).toEqual([[], []])
    const after = post(
      buckets,
      update.posted.map(({ period, amount }) => ({ period, amount: amount.neg() })),
    )
    expect(after).toEqual([march])
  })

  it('a payment of 100.00 in between: the difference is paid before update, and the county must be told', () => {
    const buckets = [bucket('2011-01-31', '38.78'), bucket('2011-02-28', '65.77'), march]
    const update = updateCertification(GOLDEN, { WA: buckets })
    expect(show(update.posted)).toEqual([
      ['WA', '2011-01-31', '38.78'],
      ['WA', '2011-02-28', '65.77'],
    ])
    expect(show(update.paidBefore)).toEqual([
      ['WA', '2010-12-31', '68.27'],
      ['WA', '2011-01-31', '31.73'],
    ])
    expect(update.countyMustBeTold).toEqual(update.paidBefore)
    expect(updateCertification({ ...GOLDEN, inCountyFile: false }, { WA: buckets }).countyMustBeTold).toEqual([])
    expect(text(update.fee)).toBe('25.00')
  })

  it('nothing left drops the fee with the last line', () => {
    const update = updateCertification(GOLDEN, { WA: [march] })
    expect([update.posted, text(update.total), text(update.fee)]).toEqual([[], '0.00', '0.00'])
    expect(show(update.paidBefore)).toEqual(show(GOLDEN.lines))
    expect(updateCertification(GOLDEN, {}).posted).toEqual([])
  })

  it('posted and paid before are together what was certified, never more than is unpaid', () => {
    const period = fc.constantFrom('2010-12-31', '2011-01-31')
    const service = fc.constantFrom('WA', 'SE')
    const lines = fc.uniqueArray(fc.record({ service, period, amount: fc.bigInt(1n, 999n).map(fromCents) }), {
      selector: (each) => each.service + each.period,
    })
    const unpaid = fc.uniqueArray(fc.record({ period, unpaid: fc.bigInt(1n, 999n).map(fromCents) }), {
      selector: (each) => each.period,
    })
    fc.assert(
      fc.property(lines, unpaid, unpaid, (certified, wa, se) => {
        const update = updateCertification(
          { lines: certified, fee: money('1'), inCountyFile: false },
          { WA: wa, SE: se },
        )
        const total = sum([...update.posted, ...update.paidBefore].map((each) => each.amount))
        expect(text(total)).toBe(text(sum(certified.map((each) => each.amount))))
        expect(text(sum(update.padj.map((each) => each.amount)))).toBe(text(update.total))
        expect(update.total.lte(bucketSum([...wa, ...se]))).toBe(true)
      }),
    )
  })
})

describe('the Date and the Description', () => {
  it.each([
    ['2011-04-30', ['2011-04-30', '2011-04-15'], true],
    ['2011-05-01', ['2011-04-30'], true],
    ['2011-04-29', ['2011-04-15', '2011-04-30'], 'date_before_certification'],
    ['2011-04-30', [], 'no_certifications'],
  ])('%s on certifications of %j: %s', (date, dates, answer) => {
    const result = checkUpdateDate(date, dates)
    expect(result.ok || result.refusal).toBe(answer)
  })

  it.each([
    ['Tax Certification {year}', 'Tax Certification 2011'],
    ['{year}{year} {Year} {month}', '20112011 {Year} {month}'],
    ["$& $1 $` $' {year} %s \\n", "$& $1 $` $' 2011 %s \\n"],
    ['{ye{year}ar}', '{ye2011ar}'],
    ['', ''],
  ])('%s becomes %s', (template, written) => {
    expect(description(template, '2011-04-30')).toBe(written)
  })
})

describe('reduceCertification', () => {
  it('withdraws the newest bucket first, and the fee with the last line', () => {
    const reduced = reduceCertification(GOLDEN, { amount: money('70') })
    expect(reduced.ok && show(reduced.value.withdrawn)).toEqual([
      ['WA', '2011-02-28', '65.77'],
      ['WA', '2011-01-31', '4.23'],
    ])
    expect(reduced.ok && show(reduced.value.lines)).toEqual([
      ['WA', '2010-12-31', '68.27'],
      ['WA', '2011-01-31', '66.28'],
    ])
    expect(reduced.ok && text(reduced.value.fee)).toBe('25.00')
    const all = reduceCertification(GOLDEN, {})
    expect(all.ok && [all.value.lines, text(all.value.fee)]).toEqual([[], '0.00'])
  })

  it.each([
    [{ amount: money('204.56') }, 'above_certified'],
    [{ amount: money('0') }, 'amount_not_positive'],
    [{ service: 'SE' }, 'service_not_certified'],
  ])('refuses %j: %s', (by, refusal) => {
    expect(reduceCertification(GOLDEN, by)).toMatchObject({ ok: false, refusal })
  })
})

describe('yearFees (product.md 3.8, 3.10)', () => {
  const one = (id: number, fee: string, stands: boolean) => ({ id, fee: money(fee), stands })
  const other = (id: number, fee: string, posted: boolean) => ({ id, fee: money(fee), posted })
  const borne = (...given: Parameters<typeof yearFees>) => [...yearFees(...given)].map(([id, fee]) => [id, text(fee)])

  it.each([
    ['each keeps its own where both are posted', [one(1, '35.00', true), one(2, '5.00', true)], [], '1 35.00, 2 5.00'],
    ['the first is paid', [one(1, '35.00', false), one(2, '5.00', true)], [], '1 0.00, 2 40.00'],
    ['the last is paid', [one(1, '35.00', true), one(2, '5.00', false)], [], '1 40.00, 2 0.00'],
    ['all are paid', [one(1, '35.00', false), one(2, '5.00', false)], [], '1 0.00, 2 0.00'],
    ['one is still to be updated', [one(1, '35.00', false)], [other(2, '5.00', false)], '1 0.00, 2 40.00'],
    ['one was updated before', [one(1, '35.00', false)], [other(2, '5.00', true)], '1 0.00, 2 40.00'],
    ['one of each', [one(1, '35.00', false)], [other(2, '5.00', true), other(3, '0.00', false)], '1 0.00, 3 35.00'],
    ['others are left alone', [one(1, '35.00', true)], [other(2, '5.00', false)], '1 35.00'],
    ['no fee, nothing moves', [one(1, '0.00', false)], [other(2, '5.00', false)], '1 0.00'],
  ])('%s', (_, updated, others, expected) => {
    expect(
      borne(updated, others)
        .map((each) => each.join(' '))
        .join(', '),
    ).toBe(expected)
  })
})
