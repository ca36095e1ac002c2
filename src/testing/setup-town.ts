import { sql } from 'drizzle-orm'
import type { Db } from '../db/db.ts'
import { freshTown, type TestTown } from './database.ts'
import { posted, smallTown, transaction } from './small-town.ts'

/** The small town with deposits, a customer type, meters with reads at location 1, and account 1.01 final. */
export async function setupTown(db: Db): Promise<void> {
  await smallTown(db, 3)
  await db.execute(sql`insert into customer_type (code, name) values ('R', 'Residential')`)
  await db.execute(
    sql`update service set deposit_allowed = true, default_deposit = case code when 'WA' then 75 else 45 end where code in ('WA', 'SE')`,
  )
  await db.execute(
    sql`insert into rate (code, service_id, name, effective_from) select 'W-5/8', id, 'Water', '2020-01-01' from service where code = 'WA'`,
  )
  await db.execute(
    sql`update account_service set rate = 'W-5/8', quantity = 2 where service_id = (select id from service where code = 'WA')`,
  )
  await db.execute(sql`insert into meter (number, service_id, location_id, dials, install_date, install_read)
    select '48213419', s.id, n.id, 6, '2020-01-01', 0 from service s, location n where s.code = 'WA' and n.number = '1'`)
  await db.execute(sql`insert into reading (meter_id, read_date, reading) select m.id, '2026-04-10', 1245 from meter m`)
}

/** The same; account 1.01 owes 62.15 for water of March. */
export async function owingTown(): Promise<TestTown> {
  const town = await freshTown()
  await setupTown(town.db)
  const bill = { account: '1.01', date: '2026-03-10' }
  await posted(town.db, '1.01', [await transaction(town.db, bill, [['WA', '2026-03-31', '62.15']])])
  return town
}

/** Account 1.01 as after its final bill. */
export async function finalOne(db: Db): Promise<void> {
  await db.execute(sql`update account_service set disconnect_date = '2026-04-10'
    where account_id = (select id from account where number = '1.01') and service_id <> (select id from service where code = 'GA')`)
  await db.execute(sql`update account_service set disconnect_date = '2026-02-28'
    where account_id = (select id from account where number = '1.01') and service_id = (select id from service where code = 'GA')`)
  await db.execute(
    sql`update account set activity_status = 'Final', disconnect_date = '2026-04-10' where number = '1.01'`,
  )
}
