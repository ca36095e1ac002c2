import { sql } from 'drizzle-orm'
import { rows } from '../db/db.ts'
import type { Walk } from './browser-walk.ts'
import type { TestTown } from './database.ts'

/** Goes through the wizard on an account as far as Confirmation; gives the address of its steps. */
export async function arrangeTo({ page, base }: Pick<Walk, 'page' | 'base'>, number: string): Promise<string> {
  await page.goto(`${base}/panel/${number}/arrangements/new`)
  const next = () => page.getByRole('button', { name: 'Next' }).click()
  await next()
  await page.waitForURL('**/setup')
  await page.fill('[name=amount]', '10.00')
  await page.fill('[name=payments]', '3')
  await page.check('[name=regular]')
  await page.waitForLoadState('networkidle')
  await next()
  await page.waitForURL('**/review')
  await next()
  await page.waitForURL('**/confirmation')
  return new URL(page.url()).pathname.replace(/\/confirmation$/, '')
}

/** Ticks the box of Confirmation and goes on to Finish. */
export async function confirmArrangement({ page }: Pick<Walk, 'page'>): Promise<void> {
  await page.check('[name=reviewed]')
  await page.getByRole('button', { name: 'Next' }).click()
  await page.waitForURL('**/finish')
}

/** A plan and another that waits for its confirmation, on two accounts that owe: pages that only these lead to. */
export async function arranged(
  town: TestTown,
  walk: Pick<Walk, 'page' | 'base'>,
  but: readonly string[] = [],
): Promise<string[]> {
  const owing = await rows<{ number: string }>(
    town.db,
    sql`select a.number from account a join customer c on c.id = a.customer_id
      where c.public and not exists (select from ledger.batch_entry e where e.account_id = a.id)
        and not exists (select from arrangement r where r.account_id = a.id)
        and (select sum(i.unpaid) from ledger.open_item i where i.account_id = a.id) > 20
        and not exists (select from ledger.open_item i where i.account_id = a.id and i.unpaid < 0) order by a.number`,
  )
  const [first = '', second = ''] = owing.map(({ number }) => number).filter((number) => !but.includes(number))
  const waiting = await arrangeTo(walk, first)
  const made = await arrangeTo(walk, second)
  await confirmArrangement(walk)
  const tab = `/panel/${second}/arrangements`
  const plan = await rows<{ number: string }>(town.db, sql`select number from arrangement order by id desc limit 1`)
  const at = `${tab}/plan/${plan[0]?.number}`
  return [
    ...['setup', 'review', 'print', 'confirmation'].map((step) => `${waiting}/${step}`),
    ...[
      `${made}/finish`,
      tab,
      `${tab}/history`,
      `${at}/cancel`,
      `${at}/delete`,
      `/panel/${first}/arrangements/new`,
      '/arrangements',
    ],
  ]
}
