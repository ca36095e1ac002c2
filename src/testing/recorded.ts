import { sql } from 'drizzle-orm'
import { one } from '../db/db.ts'
import { keepBytes } from '../files/kept.ts'
import type { TestTown } from './database.ts'

/**
 * One of each record that a tab of the panel lists, on an account, its location, and the owner where it has one. Answers
 * the pages that stand behind the address of another.
 */
export async function recorded(town: TestTown, account: string): Promise<string[]> {
  const { id: file } = await keepBytes(town.db, {
    name: 'lease.pdf',
    mediaType: 'application/pdf',
    bytes: Buffer.from('%PDF-'),
    actor: 0,
  })
  await town.db.execute(
    sql.raw(`
    insert into condition_code (code, name) values ('ZMED', 'Medical');
    insert into special_condition (level, customer_id, location_id, condition_code_id, effective_date)
      select 'account', a.customer_id, a.location_id, k.id, '2026-01-01' from account a, condition_code k where a.number = '${account}' and k.code = 'ZMED';
    insert into recurring_item (item, code, name, amount) values ('ZSEN', 'ZSENIOR', 'Senior', 5);
    insert into applied_item (level, customer_id, location_id, recurring_item_id, effective_date, times_to_apply)
      select 'account', a.customer_id, a.location_id, k.id, '2026-01-01', 0 from account a, recurring_item k where a.number = '${account}' and k.item = 'ZSEN';
    insert into demographic_category (code, name, level) values ('ZHH', 'Household', 'account');
    insert into demographic_item (code, name, demographic_category_id, multiplier) select 'ZRES', 'Residents', id, 55 from demographic_category where code = 'ZHH';
    insert into demographic (number, level, customer_id, location_id, demographic_item_id)
      select 'Z1', 'account', a.customer_id, a.location_id, k.id from account a, demographic_item k where a.number = '${account}' and k.code = 'ZRES';
    insert into demographic_value (demographic_id, effective_date, value) select id, '2026-01-01', 4 from demographic where number = 'Z1';
    insert into demographic_variance (demographic_id, variance, value, effective_date) select id, 'Guests', 2, '2026-06-01' from demographic where number = 'Z1';
    insert into custom_field (code, name, holder) values ('ZDOG', 'Dog in yard', 'customer');
    insert into service_order_category (code, name) values ('ZCAT', 'Own category');
    insert into code_caption (code, name, holder) values ('ZLANG', 'Language', 'customer'), ('ZZONE', 'Zone', 'location');
    insert into code_value (code, name, code_caption_id) select 'ZES', 'Spanish', id from code_caption where code = 'ZLANG';
    insert into code_value (code, name, code_caption_id) select 'ZZ1', 'Zone 1', id from code_caption where code = 'ZZONE';
    insert into assigned_code (customer_id, code_caption_id, code_value_id) select distinct x.id, v.code_caption_id, v.id
      from (select customer_id as id from account where number = '${account}' union select owner_customer_id from location where owner_customer_id is not null) x, code_value v where v.code = 'ZES';
    insert into assigned_code (location_id, code_caption_id, code_value_id) select a.location_id, v.code_caption_id, v.id from account a, code_value v where a.number = '${account}' and v.code = 'ZZ1';
    insert into permit (location_id, number) select location_id, 'Z-1' from account where number = '${account}';
    insert into document_type (code, name) values ('ZLEASE', 'Lease');
    insert into document (customer_id, document_type_id, description, added, file_id) select distinct x.id, k.id, 'Lease', '2026-01-02'::date, ${file}
      from (select customer_id as id from account where number = '${account}' union select owner_customer_id from location where owner_customer_id is not null) x, document_type k where k.code = 'ZLEASE';
    insert into note (number, level, customer_id, location_id, note_type_id, subject, created)
      select 'Z1', 'account', a.customer_id, a.location_id, k.id, 'With a file', '2026-01-02' from account a, note_type k where a.number = '${account}' and k.code = 'general';
    insert into note_attachment (note_id, file_id, description) select id, ${file}, 'Lease' from note where number = 'Z1';
    insert into service_order_code (code, name, service_order_category_id) select 'ZLEAK', 'Leak', id from service_order_category where code = 'REPAIR';
    insert into service_order_template (code, name, service_order_code_id) select 'ZOFF', 'Leak', id from service_order_code where code = 'ZLEAK';
    insert into service_order (number, customer_id, location_id, service_order_code_id, description, requested)
      select 'Z1', a.customer_id, a.location_id, k.id, 'Leak', '2026-10-01' from account a, service_order_code k where a.number = '${account}' and k.code = 'ZLEAK';
    insert into service_order (number, customer_id, location_id, service_order_code_id, description, requested, completed, result)
      select 'Z2', a.customer_id, a.location_id, k.id, 'Leak', '2026-10-01', '2026-10-02', 'Mended' from account a, service_order_code k where a.number = '${account}' and k.code = 'ZLEAK'`),
  )
  const ids = await one<{ note: number; category: number; open: number; done: number }>(
    town.db,
    sql`select (select id from note where number = 'Z1') as note, (select id from service_order_category where code = 'ZCAT') as category,
      (select id from service_order where number = 'Z1') as open, (select id from service_order where number = 'Z2') as done`,
  )
  return [
    `/panel/${account}/notes?note=${ids?.note}`,
    `/service-orders/categories/${ids?.category}`,
    `/service-orders/complete?order=${ids?.open}`,
    `/panel/${account}/service-orders/${ids?.done}/reopen`,
  ]
}
