import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { words } from '../testing/form.ts'
import { type PanelTown, panelTown } from '../testing/panel.ts'

let t: PanelTown
const PATH = '/panel/100.01/service-orders'

beforeAll(async () => {
  t = await panelTown()
})
afterAll(() => t.town.drop())

const code = async (name: string): Promise<string> => {
  const [row] = await t.town.db.execute<{ id: number }>(sql`select id from service_order_code where code = ${name}`)
  return String(row?.id)
}

const typed = async (changed: object = {}) => ({
  serviceOrderCodeId: await code('LEAK'),
  description: '',
  requested: '11/18/2026',
  due: '11/19/2026',
  ...changed,
})

describe('Service Orders', () => {
  it('categories, codes and templates have their own screens; built-in and used ones are not deleted', async () => {
    await t.administrator.post('/service-orders/codes/new', {
      code: 'LEAK',
      name: 'Look for a leak',
      serviceOrderCategoryId: 'REPAIR',
    })
    const template = {
      code: 'OFF1',
      name: 'Turn off, move out',
      serviceOrderCodeId: 'LEAK',
      instructions: 'Read the meter',
      dueDays: '2',
    }
    await t.administrator.post('/service-orders/templates/new', template)
    const categories = words((await t.administrator.get('/service-orders/categories')).text)
    for (const name of ['Meter reading', 'Turn on', 'Turn off', 'Repair']) expect(categories).toContain(name)
    const [used] = await t.town.db.execute<{ id: number }>(
      sql`select id from service_order_category where code = 'REPAIR'`,
    )
    expect((await t.administrator.post(`/service-orders/categories/${used?.id}/delete`, { version: '1' })).status).toBe(
      422,
    )
  })

  it('001-431 001-434: says when there is none; no choice of an outside interface, for none is set up', async () => {
    const page = await t.clerk.get(PATH)
    expect(words(page.text)).toContain('There are no service orders on this account.')
    expect(page.text).not.toContain('External')
  })

  it('001-433 001-439: Add, with the day of today; the description is that of the code', async () => {
    expect((await t.clerk.get(`${PATH}/new`)).text).toMatch(/name="requested"[^>]* value="11\/20\/2026"/)
    const opened = (await t.clerk.get(`${PATH}/new?template=OFF1`)).text
    expect(opened).toMatch(/name="due"[^>]* value="11\/22\/2026"/)
    expect(opened).toContain('Read the meter')
    expect((await t.clerk.post(PATH, await typed({ urgent: 'on' }))).headers.location).toBe(PATH)
    expect(words((await t.clerk.get(PATH)).text)).toMatch(
      /Repair Look for a leak Urgent 11\/18\/2026 11\/19\/2026 overdue/,
    )
    const refused = await t.clerk.post(PATH, await typed({ due: '11/01/2026' }))
    expect(refused.text).toMatch(/id="f-due-e">The due date is before/)
  })

  it('001-435: a viewer sees orders and may not change them', async () => {
    const page = await t.viewer.get(PATH)
    expect(words(page.text)).toContain('Look for a leak')
    expect(page.text).not.toContain(`${PATH}/new`)
    expect((await t.viewer.get(`${PATH}/new`)).status).toBe(403)
  })

  it('001-436 001-438: filtered by complete, incomplete or both', async () => {
    const id = await latest()
    expect((await t.clerk.get(`${PATH}/${id}/complete`)).text).toMatch(/name="completed"[^>]* value="11\/20\/2026"/)
    const early = await t.clerk.post(`${PATH}/${id}/complete`, {
      completed: '11/01/2026',
      result: 'Fixed',
      version: '1',
    })
    expect(early.text).toMatch(/id="f-completed-e">It cannot be completed before/)
    await t.clerk.post(`${PATH}/${id}/complete`, { completed: '11/20/2026', result: 'Toilet flapper', version: '1' })
    expect(words((await t.clerk.get(PATH)).text)).toContain('No service order has this status.')
    expect(words((await t.clerk.get(`${PATH}?status=complete`)).text)).toContain('11/20/2026 Toilet flapper')
    expect(words((await t.clerk.get(`${PATH}?status=both`)).text)).toContain('Toilet flapper')
    const again = await t.clerk.post(`${PATH}/${id}/complete`, {
      completed: '11/20/2026',
      result: 'Twice',
      version: '2',
    })
    expect(again.status).toBe(422)
    expect((await t.clerk.post(`${PATH}/${id}/delete`)).status).toBe(404)
  })

  it('001-437: View All shows the orders of every customer of the location', async () => {
    await t.town.db.execute(sql`insert into service_order (number, customer_id, location_id, service_order_code_id, description, requested)
      select '77', b.customer_id, a.location_id, (select id from service_order_code), 'Of the former tenant', '2026-01-05' from account a, account b
      where a.number = '100.01' and b.number = '200.01'`)
    expect(words((await t.clerk.get(`${PATH}?status=both`)).text)).not.toContain('Of the former tenant')
    expect(words((await t.clerk.get(`${PATH}?status=both&all=on`)).text)).toMatch(/Of the former tenant Ben Ames/)
  })

  it('001-440 001-441 001-442: the three reports are PDF files', async () => {
    for (const path of ['history', 'list', `${await latest()}/print`]) {
      const report = await t.clerk.get(`${PATH}/${path}`)
      expect([path, report.status, report.headers['content-type']]).toEqual([path, 200, 'application/pdf'])
      expect(report.body.subarray(0, 5).toString()).toBe('%PDF-')
    }
  })

  it('keeps the history of an order: who made it, who completed it', async () => {
    const page = words((await t.clerk.get(`${PATH}/${await latest()}/history`)).text)
    expect(page).toContain('result: empty to Toilet flapper')
    expect(page).toContain(t.clerk.user.name)
  })

  it('001-089: counts the open ones in the Message Center', async () => {
    expect(words((await t.clerk.get('/panel/100.01')).text)).toContain('Open Service Orders 0')
    await t.clerk.post(PATH, await typed())
    expect(words((await t.clerk.get('/panel/100.01')).text)).toContain('Open Service Orders 1')
  })

  it('orders that are added at once get a number each', async () => {
    const added = await Promise.all([1, 2, 3, 4].map(async () => t.clerk.post(PATH, await typed())))
    expect(added.map(({ status }) => status)).toEqual([303, 303, 303, 303])
    const [row] = await t.town.db.execute<{ twice: number }>(
      sql`select count(*) - count(distinct number) as twice from service_order`,
    )
    expect(Number(row?.twice)).toBe(0)
  })

  it('hides those of a private customer', async () => {
    await t.administrator.post('/panel/500.01/service-orders', await typed({ description: 'Hidden order' }))
    expect((await t.clerk.get('/panel/500.01/service-orders')).status).toBe(404)
    expect(words((await t.clerk.get('/service-orders?status=both')).text)).not.toContain('Hidden order')
    expect(words((await t.administrator.get('/service-orders?status=both')).text)).toContain('Hidden order')
  })
})

async function latest(): Promise<number> {
  const [row] = await t.town.db.execute<{
    id: number
  }>(sql`select max(o.id) as id from service_order o join account a on a.customer_id = o.customer_id
    where a.number = '100.01'`)
  return row?.id ?? 0
}
