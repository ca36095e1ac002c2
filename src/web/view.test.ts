import express from 'express'
import supertest from 'supertest'
import { describe, expect, it } from 'vitest'
import { defineForm, field } from './form.ts'
import { textInput } from './inputs.ts'
import { templates } from './templates.ts'
import { goTo, view } from './view.ts'

const form = defineForm({ name: field(textInput(20), { label: 'Name' }) })
const app = express()
app.get('/page', (req, res) =>
  view(req, res, 'auth/user-new', { title: 'New user', form: form.show({ name: '<b>"x' }) }),
)
app.get('/fragment', (req, res) =>
  view(
    req,
    res,
    'home/suggestions',
    { title: 'x', accounts: [], screens: [], linkAccounts: false },
    { block: 'suggestions' },
  ),
)
app.get('/refused', (req, res) =>
  view(
    req,
    res,
    'auth/user-new',
    { title: 'x', form: form.show({}, { name: 'No.', '': 'Not now.' }) },
    { status: 422 },
  ),
)
app.post('/done', (req, res) => goTo(req, res, '/page'))

describe('view', () => {
  it('answers the page, escaped, with one h1 and a skip link', async () => {
    const { text } = await supertest(app).get('/page').expect(200)
    expect(text).toContain('value="&lt;b&gt;&quot;x"')
    expect(text.match(/<h1>/g)).toHaveLength(1)
    expect(text).toContain('href="#main"')
  })
  it('answers htmx with the block alone, and says that the header matters', async () => {
    const fragment = await supertest(app).get('/fragment').set('HX-Request', 'true')
    expect(fragment.text).not.toContain('<html')
    expect(fragment.headers.vary).toContain('HX-Request')
    const page = await supertest(app).get('/fragment')
    expect(page.text).toContain('<html')
  })
  it.each(['HX-Boosted', 'HX-History-Restore-Request'])('answers the whole page with %s', async (header) => {
    const answer = await supertest(app)
      .get('/fragment')
      .set({ 'HX-Request': 'true', [header]: 'true' })
    expect(answer.text).toContain('<html')
  })
  it('links each error to its field', async () => {
    const { text } = await supertest(app).get('/refused').expect(422)
    expect(text).toContain('<a href="#f-name">Name: No.</a>')
    expect(text).toContain('<li>Not now.</li>')
    expect(text).toContain('aria-invalid="true" aria-describedby="f-name-e "')
  })
  it('fails loudly on a name that is not there', () => {
    expect(() => templates.renderString('{{ nobody }}', {})).toThrow()
  })
})

describe('goTo', () => {
  it('redirects a form, and htmx by a real navigation', async () => {
    const plain = await supertest(app).post('/done').expect(303)
    expect(plain.headers.location).toBe('/page')
    const swapped = await supertest(app).post('/done').set('HX-Request', 'true').expect(204)
    expect(swapped.headers['hx-redirect']).toBe('/page')
  })
})
