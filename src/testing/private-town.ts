import { sql } from 'drizzle-orm'
import postgres from 'postgres'
import { makeArrangement } from '../arrangements/service.ts'
import { makeStatement } from '../billing/statements/service.ts'
import { rows } from '../db/db.ts'
import { takeDeposit } from '../deposits/service.ts'
import { keepBytes } from '../files/kept.ts'
import type { Day } from '../ledger/calendar.ts'
import { money } from '../ledger/money.ts'
import { enterCheck, refund } from '../payments/refund.ts'
import { takePayment } from '../payments/service.ts'
import { addPayment } from '../payments/unposted.ts'
import { RUN_KINDS } from '../run-kinds.ts'
import { keepRegister } from '../runs/register.ts'
import { goRun, prepareRun, startRun } from '../runs/service.ts'
import { aCharge } from './clerk-town.ts'
import type { TestTown } from './database.ts'
import type { Files } from './town-folder.ts'

export const PRIVATE_DAY: Day = '2026-11-20'

/** Somebody who sees all, past the screens. */
const WHO = {
  actor: { id: 0, name: 'system', role: 'administrator' as const, seesPrivate: true },
  today: PRIVATE_DAY,
  may: () => true,
}

/**
 * The files of a town with its private customers, and all that is theirs, behind the others, or left out. They get numbers
 * behind those of the others too: what is made for them in account order takes no number from anybody.
 */
export function privateLast(files: Files, kept: boolean): Files {
  const people = new Set<string>()
  const [head = '', ...customers] = (files['customers.csv'] ?? '').trimEnd().split('\n')
  const at = head.split(',').indexOf('public')
  for (const line of customers) if (line.split(',')[at] === 'no') people.add(line.split(',')[0] ?? '')
  const isTheirs = (line: string, place: number) => people.has((line.split(',')[place] ?? '').split('.')[0] ?? '')
  const sorted = ([name, text]: [string, string]): [string, string] => {
    const [first = '', ...lines] = text.trimEnd().split('\n')
    const columns = first.split(',')
    const theirOwn = (column: number) => columns[column] === 'customer_number' || columns[column] === 'account_number'
    const place = columns.findIndex((_, column) => theirOwn(column))
    if (place < 0) return [name, text]
    const renumbered = (line: string) =>
      line
        .split(',')
        .map((value, column) => (theirOwn(column) ? `Z${value}` : value))
        .join(',')
    const theirs = kept ? lines.filter((line) => isTheirs(line, place)).map(renumbered) : []
    return [name, `${[first, ...lines.filter((line) => !isTheirs(line, place)), ...theirs].join('\n')}\n`]
  }
  return Object.fromEntries(Object.entries(files).map(sorted))
}

/** The set-up rows that the records of `dressed` name. */
export async function furnished(town: TestTown): Promise<void> {
  await town.db.execute(
    sql.raw(`
    insert into setting (name, value) values ('deferred_charges', 'yes'), ('customer_web_access', 'yes')
      on conflict (name) do update set value = excluded.value;
    insert into condition_code (code, name) values ('MED', 'Medical');
    insert into recurring_item (item, code, name, amount) values ('SEN', 'SENIOR', 'Senior', 5);
    insert into demographic_category (code, name, level) values ('HH', 'Household', 'account');
    insert into demographic_item (code, name, demographic_category_id) select 'RES', 'Residents', id from demographic_category where code = 'HH';
    insert into custom_field (code, name, holder) values ('DOG', 'Dog in yard', 'customer');
    insert into code_caption (code, name, holder) values ('LANG', 'Language', 'customer');
    insert into code_value (code, name, code_caption_id) select 'ES', 'Spanish', id from code_caption where code = 'LANG';
    insert into document_type (code, name) values ('LEASE', 'Lease');
    insert into service_order_code (code, name, service_order_category_id) select 'LEAK', 'Leak', id from service_order_category where code = 'REPAIR';
    insert into deferred_charge (code, name, signup, use_round_up, round_up) values ('ROUND', 'Round-up donation', 'opt_out', true, 5);
    insert into bank_code (code, name) values ('091000019', 'Norbank');
    insert into address_type (code, name) values ('cabin', 'Cabin');
    update service set deposit_allowed = true, default_deposit = 75 where code = 'WA'`),
  )
}

/** Words that stand in the records of one account and nowhere else. */
const wordsOf = (tag: string) => (what: string) => `${tag} ${what}`

/**
 * One of every record that hangs on an account and its customer, each text holding `tag`; `other` is a public customer who
 * is part of what names two people.
 */
export async function dressed(town: TestTown, account: string, tag: string, other: string): Promise<void> {
  const said = wordsOf(tag)
  const customer = account.split('.')[0] ?? ''
  const { id: file } = await keepBytes(town.db, {
    name: `${tag}-lease.pdf`,
    mediaType: 'application/pdf',
    bytes: Buffer.from(`%PDF- ${said('bytes')}`),
    actor: 0,
  })
  const of = `from account a join customer c on c.id = a.customer_id where a.number = '${account}'`
  await town.db.execute(
    sql.raw(`
    insert into customer_alert (customer_id, text, since, added_by) select c.id, '${said('alert')}', '2026-01-01', 0 ${of};
    insert into customer_address (customer_id, address_line_1, city) select c.id, '${said('Palm Ave')}', '${said('City')}' ${of};
    insert into customer_phone (customer_id, phone_type_id, number) select c.id, (select min(id) from phone_type), '${said('phone')}' ${of};
    insert into customer_web_login (customer_id, link_hash) select c.id, '${said('hash')}' ${of};
    insert into deferred_participation (customer_id, deferred_charge_id, takes_part) select c.id, (select id from deferred_charge), false ${of};
    insert into auto_payment (reference, customer_id, type, account_type, bank_code_id, bank_account_last4, state_since)
      select '${tag}-auto', c.id, 'draft', 'checking', (select id from bank_code), '6789', '${PRIVATE_DAY}' ${of};
    insert into cosigner (customer_id, cosigner_customer_id) select c.id, (select id from customer where number = '${other}') ${of};
    with n as (insert into contact (number, customer_id, contact_type_id, first_name, last_name)
        select '${tag}-contact', c.id, (select id from contact_type where code = 'emergency'), '${said('First')}', '${said('Last')}' ${of} returning id),
      e as (insert into contact_email (contact_id, is_primary, email_type_id, address)
        select n.id, true, t.id, '${tag}.ida@example.org' from n, email_type t where t.code = 'home'),
      p as (insert into contact_phone (contact_id, is_primary, phone_type_id, number) select n.id, true, (select min(id) from phone_type), '${said('call')}' from n)
      insert into contact_address (contact_id, is_primary, address_type_id, address_line_1, city, state, country)
        select n.id, true, (select min(id) from address_type), '${said('Lane')}', '${said('Ashford')}', 'ID', 'USA' from n;
    insert into note (number, level, customer_id, location_id, note_type_id, subject, text, created)
      select '${tag}-note', 'account', a.customer_id, a.location_id, k.id, '${said('subject')}', '${said('text')}', '2026-01-02' from account a, note_type k where a.number = '${account}' and k.code = 'general';
    insert into note_attachment (note_id, file_id, description) select id, ${file}, '${said('attachment')}' from note where number = '${tag}-note';
    insert into document (customer_id, document_type_id, description, added, file_id)
      select c.id, (select id from document_type where code = 'LEASE'), '${said('document')}', '2026-01-02', ${file} ${of};
    insert into service_order (number, customer_id, location_id, service_order_code_id, description, instructions, requested)
      select '${tag}-order', a.customer_id, a.location_id, (select id from service_order_code where code = 'LEAK'), '${said('order')}', '${said('instructions')}', '2026-10-01' ${of};
    insert into special_condition (level, customer_id, location_id, condition_code_id, effective_date)
      select 'account', a.customer_id, a.location_id, (select id from condition_code where code = 'MED'), '2026-01-01' ${of};
    insert into applied_item (level, customer_id, location_id, recurring_item_id, effective_date, times_to_apply)
      select 'account', a.customer_id, a.location_id, (select id from recurring_item where item = 'SEN'), '2026-01-01', 0 ${of};
    insert into demographic (number, level, customer_id, location_id, demographic_item_id)
      select '${tag}-demo', 'account', a.customer_id, a.location_id, (select id from demographic_item where code = 'RES') ${of};
    insert into demographic_value (demographic_id, effective_date, value) select id, '2026-01-01', 4 from demographic where number = '${tag}-demo';
    insert into demographic_variance (demographic_id, variance, value, effective_date) select id, '${said('guests')}', 2, '2026-06-01' from demographic where number = '${tag}-demo';
    insert into assigned_code (customer_id, code_caption_id, code_value_id) select c.id, v.code_caption_id, v.id from customer c, code_value v where c.number = '${customer}' and v.code = 'ES';
    insert into custom_value (customer_id, custom_field_id, value) select c.id, (select id from custom_field where code = 'DOG'), '${said('dog')}' ${of};
    insert into deposit_agreement (number, account_id, service_id, amount, agreed_on, description)
      select '${tag}-dep', a.id, (select id from service where code = 'WA'), 75, '2026-01-01', '${said('deposit')}' ${of};
    insert into move_out (account_id, date) select a.id, '2026-01-01' ${of};
    insert into beginning_read (account_id, meter_id, read_date, reading) select a.id, m.id, '2025-01-01', 100
      from meter m join account a on a.location_id = m.location_id where a.number = '${account}';
    insert into arrangement_draft (account_id, user_id) select a.id, 0 ${of}`),
  )
}

/** A meter with a read: it is the place's, which is no secret, and says nothing of who lives there. */
export async function metered(town: TestTown, location: string): Promise<void> {
  await town.db.execute(
    sql.raw(`
    insert into meter (number, service_id, location_id, dials, unit, size, install_date, install_read)
      select 'M-' || n.number, (select id from service where code = 'WA'), n.id, 5, 'gallon', '5/8', '2025-01-01', 100
      from location n where n.number = '${location}';
    insert into reading (meter_id, read_date, reading) select m.id, '2026-10-31', 777 from meter m where m.number = 'M-${location}'`),
  )
}

/** Every movement of money that an account may have, and the papers of it. Answers its receipts. */
export async function moved(town: TestTown, account: string, tag: string): Promise<void> {
  const who = { ...WHO, db: town.db }
  const cash = { date: PRIVATE_DAY, method: 'cash' }
  await takeDeposit(who, account, { ...cash, lines: [{ deposit: `${tag}-dep`, amount: money('50.00') }] })
  await takePayment(who, account, { ...cash, amount: money('90000.00') })
  const given = await refund(who, account, { amount: money('10.00'), reason: `${tag} reason`, date: PRIVATE_DAY })
  await enterCheck(who, given.transactionId, { checkNumber: `${tag}-check`, checkDate: PRIVATE_DAY, version: 0 })
  await addPayment(who, account, { ...cash, amount: money('12.00') })
  await makeStatement(who, account, { date: PRIVATE_DAY, format: 'plain' }, `${tag} statement`)
}

/** A payment plan of an account that owes. */
export const planned = (town: TestTown, account: string, tag: string): Promise<string> =>
  makeArrangement({ ...WHO, db: town.db }, account, {
    description: `${tag} plan`,
    amount: money('10.00'),
    services: ['WA', 'SE'],
    payments: 3,
    regular: true,
  })

interface Asked {
  kind: string
  options: object
  criteria?: object
}

/** Prepares a run of all accounts, private ones too; `post` = and posts it. */
export async function ran(town: TestTown, { kind, options, criteria }: Asked, post: boolean): Promise<number> {
  const id = await startRun(town.db, RUN_KINDS, { kind, options, criteria, actor: 0 } as never)
  const run = await prepareRun(town.db, RUN_KINDS, id, PRIVATE_DAY)
  if (post) await goRun(town.db, id, run.previewHash ?? '', 0)
  return id
}

/**
 * The routines of a certification year over the whole town: certified and noticed all, updated these accounts, the update of
 * the others waiting for its GO; the register of what was posted, and one more routine that waits.
 */
export async function certified(town: TestTown, updated: readonly string[]): Promise<number> {
  const year = { date: PRIVATE_DAY, taxYear: 2026 }
  const kind = (name: string) => `tax-certification.${name}`
  const update = {
    kind: kind('update-customer-balances'),
    options: { date: PRIVATE_DAY, include: { unupdated: true } },
  }
  const id = await ran(town, { kind: kind('create-records'), options: { ...year, assignCollectionCode: 'TAX' } }, true)
  await keepRegister(town.db, RUN_KINDS, id)
  await ran(town, { kind: kind('print-notices'), options: year }, true)
  for (const value of updated)
    await ran(town, { ...update, criteria: { all: [{ field: 'accountNumber', operator: '=', value }] } }, true)
  await ran(town, { kind: kind('county-file'), options: { taxYear: 2026, layout: 'csv' } }, true)
  const off = { action: 'disconnect', service: 'GA', disconnectDate: '2026-11-30' }
  await ran(town, { kind: 'customers.batch-services', options: off }, false)
  await ran(town, update, false)
  return id
}

/** Bills an account in a period that is closed long since: it is so late that it is certified. */
export async function late(town: TestTown, ...accounts: string[]): Promise<void> {
  const owner = postgres(town.url, { max: 1, onnotice: () => {} })
  await owner`update ledger.period set closed_at = null where end_date = '2026-05-31'`
  for (const account of accounts) await aCharge(town.db, account, '2026-05-31', { WA: '300.00' })
  await owner`update ledger.period set closed_at = now() where end_date = '2026-05-31'`
  await owner.end()
}

/** A merge of two master contacts of a customer: `tag` names both. */
export async function joined(town: TestTown, customer: string, tag: string): Promise<void> {
  await town.db.execute(
    sql.raw(`
    with m as (insert into master_contact (number, name, phone, email, address_line_1) values ('${tag}-m1', '${tag} Whole', '${tag} line', '${tag}.m@example.org', '${tag} Road') returning id)
      update customer set master_contact_id = m.id from m where number = '${customer}';
    with m as (insert into master_contact (number, name) values ('${tag}-m2', '${tag} Half') returning id),
      g as (insert into master_merge (master_contact_id, into_id, merged_by) select m.id, k.id, 'system' from m, master_contact k where k.number = '${tag}-m1' returning master_contact_id)
      select 1 from g;
    insert into master_moved (master_contact_id, customer_id) select m.id, c.id from master_contact m, customer c where m.number = '${tag}-m2' and c.number = '${customer}'`),
  )
}

/** Accounts of the town that owe most, public or private. */
export const owing = (town: TestTown, open: boolean): Promise<{ number: string; location: string }[]> =>
  rows(
    town.db,
    sql`select a.number, n.number as location from account a join customer c on c.id = a.customer_id join location n on n.id = a.location_id
      where c.public = ${open} and a.activity_status = 'Current'
      and not exists (select from ledger.open_item i where i.account_id = a.id and i.unpaid < 0)
      order by coalesce((select sum(i.unpaid) from ledger.open_item i where i.account_id = a.id), 0) desc, a.number`,
  )
