import { sql } from 'drizzle-orm'
import { generateSync } from 'otplib'
import supertest from 'supertest'
import type { Role } from '../auth/permissions.ts'
import { addUser } from '../auth/service.ts'
import { newSeed } from '../auth/totp.ts'
import { rows } from '../db/db.ts'
import { fieldKeys } from '../secrets/keys.ts'
import { placeOf, sealField } from '../secrets/seal.ts'
import { appFor, type Browser, browser } from './browser.ts'
import type { TestTown } from './database.ts'
import { plain, tokenIn } from './form.ts'

export const PASSWORD = 'four brown otters dig'

/** The code that an app with this seed shows; `ahead` steps of half a minute from now. */
export const codeOf = (seed: string, ahead = 0): string =>
  generateSync({ secret: seed.replaceAll(' ', ''), epoch: Math.floor(Date.now() / 1000) + ahead * 30 })

/** Opens a page and posts its form: the token from the page, then the post to the same address. */
export async function sendForm(agent: ReturnType<typeof supertest.agent>, path: string, form: Record<string, string>) {
  const page = await agent.get(path)
  return agent
    .post(path)
    .type('form')
    .send({ _csrf: tokenIn(page.text), ...form })
}

/** A person with a password who signs in by the form; the answer to the password, and the browser as it is then. */
export async function byForm(app: ReturnType<typeof appFor>, name: string, returnTo = '/', password = PASSWORD) {
  const agent = supertest.agent(app)
  const send = (path: string, form: Record<string, string>) => sendForm(agent, path, form)
  return { agent, send, answer: await send('/sign-in', { name, password, returnTo }) }
}

/** A new user with a password, signed in by the form: unlike `signedIn`, one who can show the password again. */
export async function withPassword(town: TestTown, role: Role, name: string, app = appFor(town)): Promise<Browser> {
  const id = await addUser(town.databases.app, { name, role, password: PASSWORD })
  const { answer } = await byForm(app, name)
  const cookies = (answer.headers['set-cookie'] as unknown as string[]).map((cookie) => cookie.split(';')[0] ?? '')
  const login = cookies.find((cookie) => /^(__Host-)?login=/.test(cookie)) ?? ''
  return browser(app, { id, name, role }, login)
}

/** Sets up a second factor through the pages; its seed and the recovery codes. */
export async function enrol(who: Browser): Promise<{ seed: string; codes: string[] }> {
  const begun = await who.post('/me/second-factor', { password: PASSWORD, code: '' })
  if (begun.status !== 303) throw new Error(`the second factor was refused: ${begun.status} ${begun.text}`)
  const page = await who.get('/me/second-factor').expect(200)
  const seed = (/<code id="key">([^<]+)</.exec(page.text)?.[1] ?? '').replaceAll(' ', '')
  const done = await who.post('/me/second-factor/confirmation', { code: codeOf(seed) })
  if (done.status !== 201) throw new Error(`the code was refused: ${done.status}`)
  return { seed, codes: [...plain(done.text).matchAll(/<li><code>([^<]+)</g)].map((found) => found[1] ?? '') }
}

/** Everybody has a second factor, straight in the table. */
export async function giveFactors(town: TestTown): Promise<void> {
  const users = await rows<{ id: number; name: string }>(town.db, sql`select id, name from app_user where id <> 0`)
  for (const { id, name } of users) {
    const sealed = sealField(fieldKeys(), placeOf('user', name, 'totp'), newSeed())
    await town.db.execute(
      sql`insert into second_factor (user_id, seed_sealed, confirmed_at) values (${id}, ${sealed}, now())`,
    )
  }
}
