import { sql } from 'drizzle-orm'
import postgres from 'postgres'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Browser, signedIn } from '../testing/browser.ts'
import { freshTown, type TestTown } from '../testing/database.ts'
import { GOLDEN, loadTown } from '../testing/towns.ts'

// A page asks along with the visit, as whoever was at the browser last. Nothing of it may reach anybody else.
let town: TestTown
let number: string
beforeAll(async () => {
  town = await freshTown()
  await loadTown(town.db, GOLDEN)
  const [account] = (await town.db.execute(sql`select number from account order by id limit 1`)) as unknown as {
    number: string
  }[]
  number = account?.number ?? ''
  await town.db.execute(
    sql`update customer set public = false where id = (select customer_id from account where number = ${number})`,
  )
})
afterAll(() => town.drop())

const pages = () => [`/accounts/${number}`, `/panel/${number}/history`, `/accounts/${number}/history`]

async function statuses(browser: Browser): Promise<number[]> {
  const all = []
  for (const page of pages()) all.push((await browser.get(page)).status)
  return all
}

it('a page of a private account is shown twice to who may see it', async () => {
  const administrator = await signedIn(town, 'administrator')
  expect(await statuses(administrator)).toEqual([200, 200, 200])
  const again = await administrator.get(`/accounts/${number}`).expect(200)
  expect(again.text).toContain(number)
})

it('somebody who has become a clerk since gets nothing of what an administrator may see', async () => {
  const browser = await signedIn(town, 'administrator')
  expect(await statuses(browser)).toEqual([200, 200, 200])
  await town.db.execute(sql`update app_user set role = 'clerk' where id = ${browser.user.id}`)
  expect(await statuses(browser)).toEqual([404, 404, 404])
})

it('somebody whose session has ended, and somebody disabled, is asked to sign in', async () => {
  const [gone, disabled] = [await signedIn(town, 'administrator'), await signedIn(town, 'administrator')]
  await statuses(gone)
  await statuses(disabled)
  await town.db.execute(sql`delete from login_session where user_id = ${gone.user.id}`)
  await town.db.execute(sql`update app_user set disabled_at = now() where id = ${disabled.user.id}`)
  for (const browser of [gone, disabled]) expect(await statuses(browser)).toEqual([303, 303, 303])
})

it('where the page cannot be read, the error is told to who is signed in', async () => {
  const browser = await signedIn(town, 'administrator')
  await statuses(browser)
  const owner = postgres(town.url, { max: 1 })
  await owner`alter table meter rename to meter_away`
  const page = await browser.get(`/accounts/${number}`).expect(500)
  expect(page.text).toContain('Sign out')
  await owner`alter table meter_away rename to meter`
  await owner.end()
  expect(await statuses(browser)).toEqual([200, 200, 200])
})
