import { sql } from 'drizzle-orm'
import { z } from 'zod'
import { rows } from '../db/db.ts'
import { monthEnd } from '../ledger/calendar.ts'
import { money } from '../ledger/money.ts'
import type { RunKind } from '../runs/kind.ts'

const options = z.strictObject({ date: z.iso.date(), amount: z.string(), code: z.string().optional() })

/** A run kind that charges every selected account a Misc on water and may assign a collection code; for tests of the frame. */
export const toyKind: RunKind<z.infer<typeof options>> = {
  kind: 'test.charges',
  menu: 'Billing',
  title: 'Toy charges',
  path: '/billing/toy-charges',
  may: { prepare: 'certification.prepare', post: 'certification.post', reverse: 'certification.reverse' },
  options,
  factsKind: 'version',
  eachAlone: {},
  async prepare({ db, selected, stage, runId }, { date, amount, code }) {
    const accounts = await rows<{
      id: number
      number: string
      version: string
      balance: string
      customer: number
      code: number | null
    }>(
      db,
      sql`select a.id, a.number, l.version::text, a.customer_id as customer, c.collection_code_id as code,
        coalesce((select sum(unpaid) from ledger.open_item o where o.account_id = a.id), 0)::text as balance
        from account a join customer c on c.id = a.customer_id join ledger.account_ledger l on l.account_id = a.id order by a.id`,
    )
    const [assigned] = await rows<{ id: number }>(db, sql`select id from collection_code where code = ${code ?? ''}`)
    const [water] = await rows<{ id: number; receivable: number; revenue: number }>(
      db,
      sql`select id, receivable_gl as receivable, revenue_gl as revenue from service where code = 'WA'`,
    )
    if (!water) throw new Error('no water')
    for (const account of accounts) {
      if (selected && !selected.includes(account.id)) continue
      if (account.number.startsWith('2.')) {
        stage.exclude(account.id, [{ test: 'Not customer 2', value: account.number, threshold: '', passed: false }])
        continue
      }
      const before = money(account.balance)
      stage.account({
        accountId: account.id,
        fingerprint: account.version,
        before,
        after: before.plus(money(amount)),
        facts: null,
        lines: [{ type: 'Misc', service: 'WA', amount, taxYear: null }],
      })
      const common = { amount: money(amount), service: water.id }
      stage.transaction({
        accountId: account.id,
        type: 'Misc',
        date,
        period: monthEnd(date),
        description: 'Toy',
        sourceKey: `toy/${runId}/${account.id}`,
        postings: [
          { ...common, gl: water.receivable, book: 'utility', aging: monthEnd(date) },
          { ...common, gl: water.revenue, book: 'general', amount: money(amount).times('-1') },
        ],
      })
      if (assigned) {
        stage.effect({
          kind: 'collection_code',
          accountId: account.id,
          target: account.customer,
          old: { id: account.code },
          new: { id: assigned.id },
          note: `Collection code ${code}`,
        })
      }
    }
    return {}
  },
}
