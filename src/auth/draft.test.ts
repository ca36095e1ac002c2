import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { one, rows } from '../db/db.ts'
import { FEATURES } from '../features.ts'
import { appFor } from '../testing/browser.ts'
import { freshTown, type TestTown } from '../testing/database.ts'
import { plain, tokenIn } from '../testing/form.ts'
import { byForm, PASSWORD, withPassword } from '../testing/signing-in.ts'
import type { FeatureMaker } from '../web/deps.ts'
import { feature } from '../web/routes.ts'

const saved: Record<string, unknown>[] = []
const toy: FeatureMaker = () =>
  feature('toy').post(
    '/toys',
    'signed-in',
    (req, res) => {
      saved.push({ ...(req.body as object) })
      res.send('saved')
    },
    { repeats: ['color'] },
  )

let town: TestTown
let app: ReturnType<typeof appFor>
beforeAll(async () => {
  town = await freshTown()
  app = appFor(town, { features: [...FEATURES, toy] })
  await withPassword(town, 'clerk', 'alder', app)
  await withPassword(town, 'clerk', 'birch', app)
})
afterAll(() => town.drop())

type Agent = Awaited<ReturnType<typeof byForm>>['agent']
const drafts = () => rows<{ sealed: string }>(town.db, sql`select sealed from form_draft`)

/** A browser whose session has just ended while a form was open; its token. */
async function idled(name: string): Promise<{ agent: Agent; token: string }> {
  const { agent } = await byForm(app, name)
  const token = tokenIn((await agent.get('/me')).text)
  await town.db.execute(sql`update login_session set last_active_at = now() - interval '16 minutes'`)
  return { agent, token }
}

const send = (agent: Agent, path: string, form: Record<string, string>, headers: Record<string, string> = {}) =>
  agent.post(path).type('form').set(headers).send(form)

describe('S-13: a form whose session has just ended', () => {
  it('waits sealed, comes back after signing in, and is sent as it was typed', async () => {
    const { agent, token } = await idled('alder')
    const answer = await agent
      .post('/toys')
      .type('form')
      .set({ 'HX-Request': 'true', 'HX-Current-URL': 'http://127.0.0.1/accounts' })
      .send(`_csrf=${token}&note=Line+one%0ALine+two&color=red&color=blue&version=3&ssn=123-45-6789`)
    expect([answer.status, answer.headers['hx-redirect'], answer.text]).toEqual([
      401,
      '/sign-in?returnTo=%2Fme%2Fdraft',
      '',
    ])
    expect(saved).toHaveLength(0)
    const [kept] = await drafts()
    expect(kept?.sealed).toMatch(/^v1\|/)
    expect(kept?.sealed).not.toContain('Line')
    const page = await agent.get('/sign-in?returnTo=%2Fme%2Fdraft')
    const signIn = { _csrf: tokenIn(page.text), name: 'alder', password: PASSWORD, returnTo: '/me/draft' }
    expect((await send(agent, '/sign-in', signIn)).headers.location).toBe('/me/draft')
    const offered = await agent.get('/me/draft').expect(200)
    expect(offered.text).toContain('Line one\nLine two')
    expect(offered.text).toContain('href="/accounts"')
    expect(offered.text).not.toContain('123-45-6789')
    expect(offered.text).toContain('Passwords and protected numbers were not kept')
    const form = offered.text.slice(offered.text.indexOf('<form method="post" action="/toys">'))
    const fields = [...form.slice(0, form.indexOf('</form>')).matchAll(/name="([^"]+)" value="([^"]*)"/g)]
    const body = new URLSearchParams(fields.map(([, name = '', value = '']): [string, string] => [name, plain(value)]))
    expect((await agent.post('/toys').type('form').send(body.toString())).text).toBe('saved')
    expect(saved).toEqual([
      { _csrf: expect.any(String), note: 'Line one\nLine two', color: ['red', 'blue'], version: '3' },
    ])
  })

  it('without scripts too: the browser is led to the sign-in page and from there to the form', async () => {
    const { agent, token } = await idled('alder')
    const answer = await send(agent, '/toys', { _csrf: token, note: 'plain' })
    expect([answer.status, answer.headers.location]).toEqual([303, '/sign-in?returnTo=%2Fme%2Fdraft'])
  })

  it('is nobody else’s, and is gone after 15 minutes or when it is thrown away', async () => {
    const { agent, token } = await idled('alder')
    await send(agent, '/toys', { _csrf: token, note: 'mine' })
    const other = await byForm(app, 'birch')
    expect((await other.agent.get('/me/draft').expect(303)).headers.location).toBe('/')
    const mine = await byForm(app, 'alder')
    expect((await mine.agent.get('/me/draft').expect(200)).text).toContain('mine')
    await town.db.execute(sql`update form_draft set expires_at = now() - interval '1 second'`)
    await mine.agent.get('/me/draft').expect(303)
    await town.db.execute(sql`update form_draft set expires_at = now() + interval '1 minute'`)
    const page = await mine.agent.get('/me/draft').expect(200)
    await send(mine.agent, '/me/draft/discarding', { _csrf: tokenIn(page.text) }).expect(303)
    expect(await drafts()).toHaveLength(0)
  })

  it('keeps nothing of a stranger, of a forged form, and of what asks for a password', async () => {
    await town.db.execute(sql`delete from form_draft`)
    const { agent, token } = await idled('alder')
    expect((await send(agent, '/toys', { _csrf: 'forged', note: 'x' })).headers.location).toBe('/sign-in')
    await send(agent, '/me/password', { _csrf: token, current: PASSWORD, password: PASSWORD, again: PASSWORD })
    await send(agent, '/toys', { _csrf: token, password: PASSWORD })
    const stranger = await byForm(app, 'nobody')
    await send(stranger.agent, '/toys', { _csrf: tokenIn((await stranger.agent.get('/sign-in')).text), note: 'x' })
    expect(await drafts()).toHaveLength(0)
    expect((await one<{ n: number }>(town.db, sql`select count(*)::int as n from form_draft`))?.n).toBe(0)
  })
})
