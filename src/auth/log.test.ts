import { Writable } from 'node:stream'
import { sql } from 'drizzle-orm'
import { pino } from 'pino'
import supertest from 'supertest'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createApp } from '../app.ts'
import { FEATURES } from '../features.ts'
import { LOG_OPTIONS } from '../log.ts'
import { freshTown, type TestTown } from '../testing/database.ts'
import { tokenIn } from '../testing/form.ts'
import type { FeatureMaker } from '../web/deps.ts'
import { feature } from '../web/routes.ts'

const CANARIES = ['four brown otters dig', '123-45-6789', 'Birchwood, Canary', '123456', 'cw_canarytokencanarytoken']
let town: TestTown
beforeAll(async () => {
  town = await freshTown()
})
afterAll(() => town.drop())

/** A feature that fails with what was typed in its statement. */
const failing: FeatureMaker = (deps) =>
  feature('failing').post('/failing', 'anyone', async (req) => {
    const { name, ssn } = req.body as Record<string, string>
    deps.log.info({ ssn, form: { password: name, token: name } }, 'somebody logged too much')
    await deps.databases.app.execute(sql`select ${name}::text || ${ssn}::int`)
  })

it('S-44: the log holds no password, cookie, token, protected number or typed value, also when a statement fails', async () => {
  const lines: string[] = []
  const stream = new Writable({
    write(chunk, _encoding, done) {
      lines.push(String(chunk))
      done()
    },
  })
  const log = pino({ ...LOG_OPTIONS, level: 'trace' }, stream)
  const app = createApp({
    databases: town.databases,
    config: {
      trustProxy: false,
      sessionSecret: 'for tests only, not a secret',
      today: undefined,
      host: '127.0.0.1',
      port: 0,
      smtpUrl: undefined,
      mailFrom: undefined,
    },
    today: () => '2026-03-15',
    log,
    health: async () => 'ok',
    features: [...FEATURES, failing],
  })
  const agent = supertest.agent(app)
  const page = await agent.get('/sign-in?returnTo=%2Faccounts%3Fq%3DBirchwood%2C%20Canary')
  const token = tokenIn(page.text)
  const [password = '', ssn = '', name = '', code = '', bearer = ''] = CANARIES
  const post = (path: string, form: Record<string, string>) =>
    agent
      .post(path)
      .type('form')
      .send({ _csrf: token, ...form })
  await post('/sign-in', { name, password, returnTo: '/' })
  await post('/sign-in/code', { code })
  await supertest(app).get('/api/v1/accounts').set('Authorization', `Bearer ${bearer}`).expect(401)
  await post('/failing', { name, ssn }).expect(500)
  const all = lines.join('')
  expect(all).toContain('request failed')
  expect(all).toContain('Failed query: select')
  expect(all).toMatch(/"code":"22P02"/)
  expect(all).toContain('(hidden)')
  for (const canary of [...CANARIES, token, decodeURIComponent(String(page.headers['set-cookie']).slice(4, 40))])
    expect(all).not.toContain(canary)
})
