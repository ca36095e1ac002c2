import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { rows } from '../../db/db.ts'
import { RUN_KINDS } from '../../run-kinds.ts'
import { reverseRun } from '../../runs/reverse.ts'
import { goRun, prepareRun, startRun } from '../../runs/service.ts'
import { runExclusions } from '../../runs/store.ts'
import { appFor, signedIn } from '../../testing/browser.ts'
import { freshTown, type TestTown } from '../../testing/database.ts'
import { words } from '../../testing/form.ts'
import { dropTowns, survives } from '../../testing/round-trip.ts'
import { posted, smallTown, transaction } from '../../testing/small-town.ts'

let town: TestTown
const TODAY = '2026-04-20'

beforeAll(async () => {
  town = await freshTown()
  await smallTown(town.db, 3)
  await town.db.execute(
    sql`insert into service (code, name, kind, sort, default_rate) values ('ST', 'Storm drain', 'flat', 9, 'ST-1')`,
  )
  await town.db.execute(
    sql`insert into rate (code, service_id, name, effective_from) select 'ST-1', id, 'Storm', '2020-01-01' from service where code = 'ST'`,
  )
  await town.db.execute(sql`update account set activity_status = 'Final' where number = '3.01'`)
})
afterAll(() => town.drop())

async function run(options: object): Promise<number> {
  const id = await startRun(town.db, RUN_KINDS, {
    kind: 'customers.batch-services',
    options,
    criteria: undefined,
    actor: 0,
  })
  const prepared = await prepareRun(town.db, RUN_KINDS, id, TODAY)
  await goRun(town.db, id, prepared.previewHash ?? '', 0)
  return id
}

const having = async (code: string) =>
  (
    await rows<{ line: string }>(
      town.db,
      sql`select concat_ws(' ', a.number, x.rate, trim_scale(x.quantity), x.connect_date, x.disconnect_date) as line from account_service x
        join account a on a.id = x.account_id join service s on s.id = x.service_id where s.code = ${code} order by a.number`,
    )
  ).map(({ line }) => line)

describe('Batch Add/Delete Services', () => {
  it('adds a service with rate, quantity and connect date; says who is left out; Reverse takes it off', async () => {
    const id = await run({ action: 'add', service: 'ST', quantity: '2', connectDate: '2026-04-01' })
    expect(await having('ST')).toEqual(['1.01 ST-1 2 2026-04-01', '2.01 ST-1 2 2026-04-01'])
    const left = await runExclusions(town.db, id)
    expect(JSON.stringify(left)).toContain('Final')
    await reverse(id)
    expect(await having('ST')).toEqual([])
  })

  it('deletes where never billed, disconnects where billed, and puts both back', async () => {
    await posted(town.db, '1.01', [
      await transaction(town.db, { account: '1.01', date: '2026-03-10' }, [['GA', '2026-03-31', '12.00']]),
    ])
    const gone = await run({ action: 'delete', service: 'GA' })
    expect(await having('GA')).toEqual(['1.01 1 2026-01-01'])
    await reverse(gone)
    expect(await having('GA')).toEqual(['1.01 1 2026-01-01', '2.01 1 2026-01-01', '3.01 1 2026-01-01'])
    const ended = await run({ action: 'disconnect', service: 'GA', disconnectDate: '2026-04-30' })
    expect((await having('GA'))[0]).toBe('1.01 1 2026-01-01 2026-04-30')
    await town.db.execute(sql`update account_service set disconnect_date = '2026-05-31' where account_id = (select id from account where number = '2.01')
      and service_id = (select id from service where code = 'GA')`)
    await reverse(ended)
    expect(await having('GA')).toEqual(['1.01 1 2026-01-01', '2.01 1 2026-01-01 2026-05-31', '3.01 1 2026-01-01'])
  })

  it('travels in the town folder with what it did', async () => {
    await run({ action: 'add', service: 'ST', connectDate: '2026-04-01' })
    const { files } = await survives(town)
    expect(files['run_effects.csv']).toContain('account_service')
    await dropTowns()
  })

  it('refuses a rate that the town does not have', async () => {
    const asked = { action: 'add', service: 'ST', rate: 'X-9', connectDate: '2026-04-01' }
    await expect(run(asked)).rejects.toThrow('There is no rate X-9.')
  })

  it('says on its screen what is wrong, beside the field, and leaves no run', async () => {
    const by = await signedIn(town, 'supervisor', appFor(town, { today: TODAY }))
    const runs = () => rows(town.db, sql`select id from ledger.run order by id`)
    const before = await runs()
    const ask = (given: Record<string, string>) =>
      by.post('/batch-services/preview', { action: 'add', service: 'ST', quantity: '1', units: '1', ...given })
    const wrong = [
      [{ connectDate: '' }, 'connectDate', 'Connect date is needed.'],
      [{ connectDate: '04/01/2026', rate: 'X-9' }, 'rate', 'There is no rate X-9.'],
      [{ action: 'disconnect' }, 'disconnectDate', 'Disconnect date is needed.'],
    ] as const
    for (const [given, field, sentence] of wrong) {
      const answer = await ask(given)
      expect([answer.status, new RegExp(`id="f-${field}-e">([^<]*)`).exec(answer.text)?.[1]]).toEqual([422, sentence])
    }
    expect(await runs()).toEqual(before)
  })

  it('has a screen: preview, GO', async () => {
    const page = await preview('delete', 'monthly')
    expect(words(page)).toContain('1.01')
    expect(page).toContain('/batch-services/go')
  })

  it('says how often in the words of the form', async () => {
    expect(words(await preview('add', 'bimonthly'))).toContain('Every two months')
  })
})

async function preview(action: string, frequency: string): Promise<string> {
  const by = await signedIn(town, 'supervisor', appFor(town, { today: TODAY }))
  const given = { action, service: 'ST', connectDate: '04/01/2026', quantity: '1', units: '1', frequency }
  const answer = await by.post('/batch-services/preview', given)
  expect(answer.status).toBe(303)
  return (await by.get(answer.headers.location as string)).text
}

const reverse = (runId: number) =>
  reverseRun(town.db, RUN_KINDS, { runId, reason: 'test', actor: 0, today: TODAY } as never)
