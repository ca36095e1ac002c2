import supertest from 'supertest'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Conflict, Refused } from '../errors.ts'
import { appFor, signedIn } from '../testing/browser.ts'
import { freshTown, type TestTown } from '../testing/database.ts'
import { assetUrls } from '../web/assets.ts'
import { apiFeature, feature } from '../web/routes.ts'
import { addToken, revokeToken } from './tokens.ts'

let town: TestTown
beforeAll(async () => {
  town = await freshTown()
})
afterAll(() => town.drop())

const CSP =
  "default-src 'none';script-src 'self';style-src 'self';img-src 'self';font-src 'self';connect-src 'self';form-action 'self';frame-ancestors 'none';base-uri 'none';object-src 'none'"

const faulty = () =>
  feature('faulty')
    .get('/faulty', 'anyone', () => {
      throw new Error('secret select * from customer where /work')
    })
    .get('/stale', 'anyone', () => {
      throw new Conflict('Somebody was faster')
    })
    .get('/refused', 'anyone', () => {
      throw new Refused('no', 'The period is closed.')
    })

const calls = () =>
  apiFeature('calls')
    .get('/api/v1/who', 'customers.view', (_req, res) => res.json({ name: res.locals.context.actor.name }))
    .get('/api/v1/faulty', 'signed-in', () => {
      throw new Error('secret')
    })
    .post('/api/v1/echo', 'customers.view', (req, res) => res.json(req.body))
    .get('/api/v1/refused', 'signed-in', () => {
      throw new Refused('no', 'The period is closed.', { date: 'closed' })
    })

describe('S-16, S-18: headers', () => {
  it('are the same strict ones on every answer', async () => {
    const app = appFor(town, { features: [faulty, calls, ...(await import('../features.ts')).FEATURES] })
    const clerk = await signedIn(town, 'clerk', app)
    const answers = [
      await clerk.get('/me').expect(200),
      await supertest(app).get('/me').expect(303),
      await supertest(app).get('/refused').expect(422),
      await clerk.get('/organization/users').expect(403),
      await clerk.get('/nothing-here').expect(404),
      await clerk.get('/stale').expect(409),
      await clerk.get('/me?a=1&a=2').expect(400),
      await clerk.get('/faulty').expect(500),
      await supertest(app).get('/health').expect(200),
      await supertest(app).get('/api/v1/who').expect(401),
      await supertest(app).get(assetUrls.css).expect(200),
    ]
    for (const { headers } of answers) {
      expect(headers['content-security-policy']).toBe(CSP)
      expect(headers['strict-transport-security']).toBe('max-age=31536000; includeSubDomains')
      expect(headers['x-content-type-options']).toBe('nosniff')
      expect(headers['referrer-policy']).toBe('same-origin')
      expect(headers['cross-origin-opener-policy']).toBe('same-origin')
      expect(headers['cross-origin-resource-policy']).toBe('same-origin')
      expect(headers['permissions-policy']).toContain('geolocation=()')
      expect(headers['x-frame-options']).toBe('DENY')
      expect(headers['x-powered-by']).toBeUndefined()
    }
    for (const { headers } of answers.slice(0, -1)) expect(headers['cache-control']).toBe('no-store')
    expect(answers.at(-1)?.headers['cache-control']).toBe('public, max-age=31536000, immutable')
  })

  it('S-51: an error page says nothing of the inside, and carries an id', async () => {
    const { text } = await supertest(appFor(town, { features: [faulty] }))
      .get('/faulty')
      .expect(500)
    expect(text).not.toMatch(/secret|select|customer|\/work|Error:|at /)
    expect(text).toMatch(/Number of this event: [0-9a-f]{12}/)
  })

  it('S-56: shows nothing that was not meant to be shown', async () => {
    for (const path of [
      '/.env',
      '/.git/config',
      '/package.json',
      '/static/',
      '/static/app.css',
      '/static/../package.json',
      '/src/app.ts',
      '/views/home/home.njk',
      '/%2e%2e/package.json',
    ]) {
      await supertest(appFor(town)).get(path).expect(404)
    }
    for (const method of ['put', 'delete', 'patch', 'trace'] as const)
      await supertest(appFor(town))[method]('/me').expect(404)
  })
})

describe('/health', () => {
  it.each([
    ['ok', 200],
    ['fault', 200],
    ['down', 503],
  ] as const)('%s is %i', async (state, status) => {
    const answer = await supertest(appFor(town, { features: [], health: async () => state }))
      .get('/health')
      .expect(status)
    expect(answer.body).toEqual({ status: state })
  })
  it('is down when the question fails', async () => {
    const app = appFor(town, { features: [], health: async () => Promise.reject(new Error('no')) })
    await supertest(app).get('/health').expect(503)
  })
})

describe('API tokens', () => {
  const bearer = (token: string) => ({ Authorization: `Bearer ${token}` })

  it('speak for their user, with the rights of the role, until they are revoked or the user is disabled', async () => {
    const app = appFor(town, { features: [calls] })
    const clerk = await signedIn(town, 'clerk')
    const token = await addToken(town.app, clerk.user.name, 'bank')
    const answer = await supertest(app).get('/api/v1/who').set(bearer(token)).expect(200)
    expect(answer.body).toEqual({ name: clerk.user.name })
    await supertest(app)
      .get('/api/v1/who')
      .set(bearer(`${token}x`))
      .expect(401)
    await supertest(app)
      .post('/api/v1/echo')
      .set(bearer(token))
      .send({ a: [1] })
      .expect(200, { a: [1] })
    const admin = await signedIn(town, 'administrator')
    expect((await admin.post(`/organization/users/${clerk.user.id}/disabling`)).status).toBe(303)
    await supertest(app).get('/api/v1/who').set(bearer(token)).expect(401)
    await admin.post(`/organization/users/${clerk.user.id}/enabling`)
    await supertest(app).get('/api/v1/who').set(bearer(token)).expect(200)
    await revokeToken(town.app, clerk.user.id, 1, admin.user.id)
    await supertest(app).get('/api/v1/who').set(bearer(token)).expect(401)
  })

  it('S-15: a cookie opens no call', async () => {
    const clerk = await signedIn(town, 'clerk', appFor(town, { features: [calls] }))
    await clerk.get('/api/v1/who').expect(401)
  })

  it('answer errors as problems; only 5xx carry an id', async () => {
    const app = appFor(town, { features: [calls] })
    const clerk = await signedIn(town, 'clerk')
    const token = await addToken(town.app, clerk.user.name, 'problems')
    const refused = await supertest(app).get('/api/v1/refused').set(bearer(token)).expect(422)
    expect(refused.headers['content-type']).toContain('application/problem+json')
    expect(JSON.parse(refused.text)).toEqual({
      title: 'Refused',
      status: 422,
      detail: 'The period is closed.',
      errors: { date: 'closed' },
    })
    const fault = JSON.parse((await supertest(app).get('/api/v1/faulty').set(bearer(token)).expect(500)).text)
    expect(fault.id).toMatch(/^[0-9a-f]{12}$/)
    const missing = JSON.parse((await supertest(app).get('/api/v1/nothing').set(bearer(token)).expect(404)).text)
    expect(Object.keys(missing)).toEqual(['title', 'status', 'detail'])
    await supertest(app).post('/api/v1/echo').set(bearer(token)).type('json').send('{"a":').expect(400)
  })

  it('are shown once, listed without the token, and revoked', async () => {
    const supervisor = await signedIn(town, 'supervisor')
    const made = await supervisor.post('/me/tokens', { name: 'meter reader' })
    const token = /<code id="made">(cw_[\w-]{43})<\/code>/.exec(made.text)?.[1] ?? ''
    expect(token).not.toBe('')
    const page = await supervisor.get('/me')
    expect(page.text).toContain('meter reader')
    expect(page.text).not.toContain(token)
    const id = /\/me\/tokens\/(\d+)\/revocation/.exec(page.text)?.[1] ?? ''
    expect((await supervisor.post(`/me/tokens/${id}/revocation`)).status).toBe(303)
    expect((await supervisor.post(`/me/tokens/${id}/revocation`)).status).toBe(404)
  })
})
