import { sql } from 'drizzle-orm'
import { money } from '../ledger/money.ts'
import { post } from '../ledger/post.ts'
import type { TestTown } from './database.ts'

/** A word that no line can break, and a sentence that needs several lines. */
const WORD = 'Wolfeschlegelsteinhausenbergerdorff'
const LONG = `The ${WORD} and Featherstonehaugh-Cholmondeley Memorial Foundation for the Upper Reaches of the Alder`
const HUGE = '1234567890.12'
/** What the account then owes, as its card shows it. */
export const HUGE_BALANCE = '1,234,568,181.83'
const HUGE_DEPOSIT = '9876543210.98'

/** Gives everything that the panel shows of an account of the demonstration town its longest name and ten-digit amounts. */
export async function longValues(town: TestTown, account: string, day: string): Promise<void> {
  const [customer = ''] = account.split('.')
  const of = (table: string) => sql.raw(`select ${table}_id from account where number = '${account}'`)
  for (const change of [
    sql`update customer set name = ${LONG}, first_name = ${WORD}, last_name = 'Featherstonehaugh-Cholmondeley', spouse = ${LONG}, address_line_1 = ${LONG},
      address_line_2 = ${WORD + WORD}, city = 'Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch', care_of = ${LONG}, phone = '+1 (507) 555-0142 ext. 123456789',
      email = ${`${WORD}.${WORD}@${WORD.toLowerCase()}.example.org`}, alt_customer_id = '12345678901234567890' where number in (${customer}, '1004')`,
    sql`update location set service_address = ${LONG}, description = ${LONG}, parcel_number = ${'22-114-'.repeat(8)}, cross_street = ${LONG}, region = ${WORD},
      city = 'Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch', alt_location_id = '12345678901234567890' where id = (${of('location')})`,
    sql`update cycle set name = ${LONG}`,
    sql`update route set name = ${LONG}`,
    sql`update revenue_class set name = ${LONG}`,
    sql`update customer_alert set text = ${`${LONG} ${WORD}${WORD}`} where customer_id = (${of('customer')})`,
    sql`update customer_address set address_line_1 = ${LONG}, care_of = ${WORD + WORD} where customer_id = (${of('customer')})`,
    sql`update contact set first_name = ${WORD}, last_name = 'Featherstonehaugh-Cholmondeley of the Upper Reaches'`,
    sql`update contact_address set address_line_1 = ${LONG}, city = ${WORD}`,
    sql`update contact_phone set number = '+1 (507) 555-0142', extension = '123456789', description = ${LONG}`,
    sql`update contact_email set address = ${`${WORD}.${WORD}@example.org`}, description = ${LONG}`,
    sql`update note set subject = ${`${LONG} ${WORD}`}, text = ${`${LONG}\n${WORD}${WORD}${WORD}`}`,
    sql`update document set description = ${LONG}`,
    sql`update permit set number = ${WORD}, description = ${LONG}`,
    sql`update service_order set description = ${LONG}, instructions = ${WORD + WORD}, assigned_to = ${WORD}, result = case when completed is not null then ${LONG} end`,
    sql`update service_order_code set name = ${LONG}`,
    sql`update code_caption set name = ${LONG}`,
    sql`update code_value set name = ${LONG}`,
    sql`update custom_field set name = ${LONG}`,
    sql`update custom_value set value = ${WORD + WORD} where custom_field_id in (select id from custom_field where kind = 'text')`,
    sql`update condition_code set name = ${LONG}`,
    sql`update recurring_item set name = ${LONG}, amount = ${HUGE}::numeric`,
    sql`update demographic_category set name = ${LONG}`,
    sql`update demographic_item set name = ${LONG}, multiplier = 1`,
    sql`update demographic_value set value = 1234567890.1234`,
    sql`update demographic_variance set variance = ${LONG}, value = 1234567890, reference = ${WORD + WORD}`,
    sql`update arrangement set description = ${LONG}, account_balance = ${HUGE}::numeric, amount = ${HUGE}::numeric`,
    sql`update arrangement_instalment set amount = 411522630.04`,
    sql`update deposit_agreement set amount = ${HUGE_DEPOSIT}::numeric, description = ${LONG}`,
    sql`update bank_code set name = ${LONG}`,
    sql`update deferred_charge set name = ${LONG}`,
    sql`update auto_payment set maximum = ${HUGE}::numeric`,
    sql`update meter set number = '12345678901234567890', multiplier = 10000 where location_id = (${of('location')})`,
  ])
    await town.db.execute(change)
  await bill(town, account, day, HUGE)
}

async function bill(town: TestTown, account: string, day: string, amount: string): Promise<void> {
  const [of] = await town.db.execute<{ id: number; version: string; gl: number; revenue: number; service: number }>(
    sql`select a.id, l.version::text, s.receivable_gl as gl, s.revenue_gl as revenue, s.id as service from account a
      join ledger.account_ledger l on l.account_id = a.id, service s where a.number = ${account} and s.code = 'WA'`,
  )
  if (!of) throw new Error(`no account ${account}`)
  const period = '2026-10-31'
  await post(town.db, {
    kind: 'test',
    actor: 0,
    accounts: [{ id: of.id, version: of.version }],
    transactions: [
      {
        ...{ accountId: of.id, type: 'Bill', date: day, period, description: LONG, sourceKey: 'test/{id}' },
        postings: [
          { gl: of.gl, book: 'utility', service: of.service, aging: period, amount: money(amount) },
          { gl: of.revenue, book: 'general', amount: money(amount).times('-1') },
        ],
      },
    ],
  })
}
