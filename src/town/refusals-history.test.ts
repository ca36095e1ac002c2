import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { freshTown, type TestTown } from '../testing/database.ts'
import { type Files, SMALL, withLines, writeFolder } from '../testing/town-folder.ts'
import { faultText } from './faults.ts'
import { importTown } from './import.ts'

let town: TestTown
beforeAll(async () => {
  town = await freshTown()
})
afterAll(() => town?.drop())

const faults = async (files: Files): Promise<string[]> => {
  const result = await importTown(town.db, writeFolder(files), { actor: 0, today: '2025-03-20' })
  return result.ok ? [] : result.faults.map(faultText)
}

const BILL = '1,100.01,2025-01-10,Bill,WA,50.00,,,,,,,,\n'
const PAID = `${BILL}2,100.01,2025-02-10,Pmt,WA,-50.00,,,,,,,,\n`

describe('a refused history names file, line, column and reason', () => {
  it.each<[string, string, string]>([
    [
      'an account that is not there',
      '1,9.01,2025-01-10,Bill,WA,50.00,,,,,,,,\n',
      '2:account_number: there is no account 9.01',
    ],
    ['an unknown service', '1,100.01,2025-01-10,Bill,wa,50.00,,,,,,,,\n', '2:service: there is no service wa'],
    [
      'an unknown type',
      '1,100.01,2025-01-10,Charge,WA,50.00,,,,,,,,\n',
      '2:type: write one of Bill, Pen, Int, Misc, Pmt, Adj, PAdj, Fee, CertPmt, CertAdj, Dep, DepApp, DepRef, Ref, WriteOff, Open, Xfer, NSF, Rev',
    ],
    [
      'an amount without cents',
      '1,100.01,2025-01-10,Bill,WA,50,,,,,,,,\n',
      '2:amount: this is not an amount like 42.50 or -42.50',
    ],
    [
      'an amount with three decimals',
      '1,100.01,2025-01-10,Bill,WA,50.001,,,,,,,,\n',
      '2:amount: this is not an amount like 42.50 or -42.50',
    ],
    [
      'an amount of nothing',
      '1,100.01,2025-01-10,Adj,WA,0.00,,,,,,4800,,\n',
      '2:amount: an amount of 0.00 moves nothing',
    ],
    ['no amount', '1,100.01,2025-01-10,Bill,WA,,,,,,,,,\n', '2:amount: this is required'],
    [
      'a bill below zero',
      '1,100.01,2025-01-10,Bill,WA,-50.00,,,,,,,,\n',
      '2:amount: a Bill is above 0.00 on the utility book',
    ],
    [
      'a payment above zero',
      '1,100.01,2025-01-10,Pmt,WA,50.00,,,,,,,,\n',
      '2:amount: a Pmt is below 0.00 on the utility book',
    ],
    ['a wrong date', '1,100.01,2025-13-10,Bill,WA,50.00,,,,,,,,\n', '2:date: this is not a date like 2026-10-31'],
    [
      'a bucket that no period has',
      '1,100.01,2025-01-10,Bill,WA,50.00,2025-01-15,,,,,,,\n',
      "2:ages_in: write open or a period's end date; no period ends on 2025-01-15",
    ],
    [
      'open credit that ages',
      '1,100.01,2025-01-10,Pmt,,-50.00,2025-01-31,,,,,,,\n',
      '2:ages_in: a line without a service is open credit of the account',
    ],
    [
      'a number twice',
      `${BILL}2,100.01,2025-01-10,Bill,WA,5.00,,,,,,,,\n1,100.01,2025-01-11,Bill,SE,5.00,,,,,,,,\n`,
      '4:transaction: transaction 1 stands twice',
    ],
    [
      'two accounts in one transaction',
      `${BILL}1,200.01,2025-01-10,Bill,SE,5.00,,,,,,,,\n`,
      '3:account_number: transaction 1 has 100.01 on its first line',
    ],
    [
      'two dates in one transaction',
      `${BILL}1,100.01,2025-01-11,Bill,SE,5.00,,,,,,,,\n`,
      '3:date: transaction 1 has 2025-01-10 on its first line',
    ],
    [
      'a PAdj that is not balanced',
      `${BILL}2,100.01,2025-02-10,PAdj,WA,-50.00,,,,,,,,\n2,100.01,2025-02-10,PAdj,,49.00,,,2025,,,,,\n`,
      '4:amount: the utility lines (-50.00) and the certification line (49.00) are not the opposite',
    ],
    [
      'a PAdj without a certification line',
      `${BILL}2,100.01,2025-02-10,PAdj,WA,-50.00,,,,,,,,\n`,
      '3:tax_year: a PAdj has one certification line and this has 0',
    ],
    [
      'a payment on the certification book',
      `${BILL}2,100.01,2025-02-10,Pmt,,-50.00,,,2025,,,,,\n`,
      '3:tax_year: a Pmt has no line on the certification book',
    ],
    [
      'a certification line with a service',
      `${BILL}2,100.01,2025-02-10,CertPmt,WA,-50.00,,,2025,,,,,\n`,
      '3:service: a certification line has no service',
    ],
    [
      'a deposit line without a deposit',
      '1,100.01,2025-01-10,Dep,,50.00,,,,deposit,,,,\n',
      '2:deposit: a deposit line names its deposit',
    ],
    [
      "another account's deposit",
      '1,100.01,2025-01-10,Dep,,50.00,,,,deposit,D1,,,\n2,200.01,2025-01-10,Dep,,50.00,,,,deposit,D1,,,\n',
      "3:deposit: deposit D1 is another account's",
    ],
    [
      'a deposit overdrawn',
      '1,100.01,2025-01-10,Dep,,50.00,,,,deposit,D1,,,\n2,100.01,2025-01-11,DepRef,,-60.00,,,,deposit,D1,,,\n',
      '3:amount: deposit D1 would stand at -10.00',
    ],
    [
      'a certification overpaid',
      `1,100.01,2025-02-10,Fee,,25.00,,,2025,,,,,\n2,100.01,2025-02-11,CertPmt,,-26.00,,,2025,,,,,\n`,
      '3:amount: the certification balance of 100.01 for 2025 would stand at -1.00',
    ],
    [
      'a bucket overpaid',
      `${BILL}2,100.01,2025-02-10,Pmt,WA,-60.00,2025-01-31,,,,,,,\n`,
      '3:amount: what is unpaid in 2025-01-31 of account 100.01, service WA would stand at -10.00',
    ],
    [
      'open credit that is not there',
      '1,100.01,2025-01-10,Ref,WA,5.00,open,,,,,,,\n',
      '2:amount: open credit of account 100.01, service WA would stand at 5.00',
    ],
    [
      'a reversal of nothing',
      `${BILL}2,100.01,2025-02-10,NSF,WA,50.00,,9,,,,,,\n`,
      '3:reverses: no earlier transaction has the number 9',
    ],
    [
      'a reversal that names nothing',
      `${PAID}3,100.01,2025-02-11,NSF,WA,50.00,,,,,,,,\n`,
      '4:reverses: a NSF names what it reverses',
    ],
    [
      'a bill that reverses',
      `${PAID}3,100.01,2025-02-11,Bill,WA,50.00,,2,,,,,,\n`,
      '4:reverses: only NSF and Rev reverse, not Bill',
    ],
    [
      "a reversal of another account's",
      `${PAID}3,200.01,2025-02-11,NSF,WA,50.00,,2,,,,,,\n`,
      "4:reverses: transaction 2 is another account's",
    ],
    [
      'a second reversal',
      `${PAID}3,100.01,2025-02-11,NSF,WA,50.00,,2,,,,,,\n4,100.01,2025-02-11,Rev,WA,50.00,,2,,,,,,\n`,
      '5:reverses: transaction 2 is reversed already, by 3',
    ],
    [
      'a reversed reversal',
      `${PAID}3,100.01,2025-02-11,NSF,WA,50.00,,2,,,,,,\n4,100.01,2025-02-11,Rev,WA,-50.00,,3,,,,,,\n`,
      '5:reverses: transaction 3 is itself a reversal',
    ],
    [
      'a reversal of another amount',
      `${PAID}3,100.01,2025-02-11,NSF,WA,49.00,,2,,,,,,\n`,
      '4:amount: utility WA: 49.00 is not the opposite of transaction 2, 50.00',
    ],
    [
      'a reversal in another bucket',
      `${PAID}3,100.01,2025-02-11,NSF,WA,50.00,2025-02-28,2,,,,,,\n`,
      '4:ages_in: utility WA in 2025-01-31: 0.00 is not the opposite of transaction 2, 50.00',
    ],
    [
      'a source key in force',
      `1,100.01,2025-01-10,Bill,WA,50.00,,,,,,,bill/x,\n2,100.01,2025-01-10,Bill,WA,50.00,,,,,,,bill/x,\n`,
      '3:source: transaction 1 has the source key bill/x',
    ],
    ['an unknown GL account', '1,100.01,2025-01-10,Bill,WA,50.00,,,,,,77,,\n', '2:gl: there is no GL account 77'],
    [
      'a control account as the other side',
      '1,100.01,2025-01-10,Bill,WA,50.00,,,,,,1120,,\n',
      "2:gl: GL account 1120 is kept by the customers' books",
    ],
    [
      'an unknown method',
      '1,100.01,2025-01-10,Pmt,WA,-50.00,,,,,,,,bitcoin\n',
      '2:method: there is no payment method bitcoin',
    ],
  ])('transactions.csv: %s', async (_, lines, fault) => {
    expect(await faults(withLines(lines))).toContain(`transactions.csv:${fault}`)
  })

  it.each([
    ['Pmt', '-5.00', 'WA', '', 'cash_gl'],
    ['WriteOff', '-5.00', 'WA', '', 'write_off_gl'],
    ['Open', '5.00', 'WA', '', 'opening_gl'],
    ['Xfer', '5.00', 'WA', '', 'transfer_gl'],
    ['Fee', '5.00', '', '2025', 'certification_receivable_gl'],
  ])('a missing setting refuses the row and is named: %s', async (type, amount, service, taxYear, setting) => {
    const bare = { ...SMALL, organization: 'setting,value\nname,Bare\n' }
    const found = await faults(withLines(`1,100.01,2025-01-10,${type},${service},${amount},,,${taxYear},,,,,\n`, bare))
    expect(found.join('\n')).toMatch(new RegExp(`^transactions\\.csv:2:\\w+: the setting ${setting} is missing$`, 'm'))
  })

  it('names the service that has no revenue', async () => {
    const bare = { ...SMALL, services: 'code,name,receivable_gl\nWA,Water,1110\n' }
    expect(await faults(withLines(BILL, bare))).toContain('transactions.csv:2:type: service WA has no revenue_gl')
  })

  it('stops telling at a hundred faults', async () => {
    const lines = Array.from({ length: 300 }, (_, n) => `${n},100.01,2025-01-10,Bill,XX,50.00,,,,,,,,\n`).join('')
    expect(await faults(withLines(lines))).toHaveLength(100)
  })
})
