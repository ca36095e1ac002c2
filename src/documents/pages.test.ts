import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { formOf, words } from '../testing/form.ts'
import { type PanelTown, panelTown, rowsOf } from '../testing/panel.ts'

let t: PanelTown
const PATH = '/panel/100.01/customer/documents'
const pdf = (name = 'lease.pdf') => ({ file: { name, bytes: Buffer.from('%PDF-1.7 lease') } })

beforeAll(async () => {
  t = await panelTown()
})
afterAll(() => t.town.drop())

const typeId = async (code: string): Promise<string> => {
  const [row] = await t.town.db.execute<{ id: number }>(sql`select id from document_type where code = ${code}`)
  return String(row?.id)
}

describe('Documents', () => {
  it('001-196 001-197 001-198 001-199: types have a code of at most 6 characters, a description and Secure', async () => {
    const add = '/organization/document-types/new'
    await t.administrator.post(add, { code: 'LEASE', name: 'Lease' })
    await t.administrator.post(add, { code: 'ID COP', name: 'Copy of an id', secure: 'on' })
    expect((await t.administrator.post(add, { code: 'TOOLONG', name: 'No' })).status).toBe(422)
    expect(words((await t.clerk.get('/organization/document-types')).text)).toContain('ID COP Copy of an id')
  })

  it('001-190 001-192 001-193 001-194 001-204 001-205: Add opens the form, with Browse and Capture', async () => {
    expect(words((await t.clerk.get(PATH)).text)).toContain('No documents are attached.')
    const form = (await t.clerk.get(`${PATH}/new`)).text
    expect(form).toContain('LEASE Lease')
    expect(form).toMatch(/<input id="f-file" type="file"[^>]* capture="environment"/)
    expect((await t.viewer.get(`${PATH}/new`)).status).toBe(403)
  })

  it('001-191 001-202 001-203 001-206: stored it stands in the list, and the tab says so', async () => {
    const stored = await t.clerk.upload(PATH, { documentTypeId: await typeId('LEASE'), description: '' }, pdf())
    expect(stored.headers.location).toBe(PATH)
    const page = await t.clerk.get(PATH)
    expect(words(page.text)).toContain('Lease lease.pdf lease.pdf 11/20/2026')
    expect(page.text).toMatch(/Documents <b>1<\/b>/)
  })

  it('serves it as a file to save, under our own type', async () => {
    const kept = await t.clerk.get(`${PATH}/${await latest()}`)
    expect(kept.headers['content-type']).toBe('application/pdf')
    expect(kept.headers['content-disposition']).toBe('attachment; filename=lease.pdf')
    expect(kept.headers['content-security-policy']).toContain('sandbox')
    for (const name of ['page.html', 'x.svg', 'run.exe']) {
      const refused = await t.clerk.upload(PATH, { documentTypeId: await typeId('LEASE') }, pdf(name))
      expect([name, refused.status]).toEqual([name, 422])
      expect(words(refused.text)).toContain('Files of this type are not kept')
    }
    const none = await t.clerk.upload(PATH, { documentTypeId: await typeId('LEASE'), description: 'Kept words' }, {})
    expect(none.status).toBe(422)
    expect(none.text).toContain('value="Kept words"')
  })

  it('001-195 001-201: a new type is set up beside the document, which goes on without loss', async () => {
    const form = { description: 'Deed', typeCode: 'DEED', typeName: 'Deed of the house' }
    expect((await t.administrator.upload(PATH, form, pdf('deed.pdf'))).status).toBe(303)
    expect(words((await t.clerk.get(PATH)).text)).toContain('Deed of the house Deed deed.pdf')
    const taken = await t.administrator.upload(PATH, { ...form, description: 'Stays' }, pdf('deed.pdf'))
    expect(taken.status).toBe(422)
    expect(taken.text).toContain('value="Stays"')
    expect((await t.clerk.upload(PATH, { ...form, typeCode: 'MINE' }, pdf('deed.pdf'))).status).toBe(403)
  })

  it('001-200: secure documents are opened, changed and deleted by permitted users only', async () => {
    await t.administrator.upload(
      PATH,
      { documentTypeId: await typeId('ID COP'), description: 'Licence' },
      pdf('id.pdf'),
    )
    const id = await latest()
    for (const path of [`${PATH}/${id}`, `${PATH}/${id}/edit`]) expect((await t.clerk.get(path)).status).toBe(403)
    expect((await t.clerk.post(`${PATH}/${id}/delete`)).status).toBe(403)
    expect((await t.administrator.get(`${PATH}/${id}`)).status).toBe(200)
    const list = (await t.clerk.get(PATH)).text
    expect(list).not.toContain(`href="${PATH}/${id}"`)
    expect((await t.clerk.get(`${PATH}/new`)).text).not.toContain('ID COP')
  })

  it('edits and deletes; a private customer has none to be found', async () => {
    const id = await latest()
    const page = (await t.administrator.get(`${PATH}/${id}/edit`)).text
    const form = formOf(page, 'record')
    const changed = { ...form, documentTypeId: await typeId('LEASE'), description: 'Now a lease' }
    expect((await t.administrator.upload(`${PATH}/${id}`, changed, {})).status).toBe(303)
    const late = await t.administrator.upload(`${PATH}/${id}`, { ...form, description: 'Later' }, {})
    expect(late.status).toBe(409)
    expect(words(late.text)).toContain('Description was Licence and is now Now a lease; you typed Later.')
    expect(words((await t.clerk.get(PATH)).text)).toContain('Lease Now a lease id.pdf')
    expect((await t.clerk.post(`${PATH}/${id}/delete`)).status).toBe(303)
    expect(await rowsOf(t.town.db, 'document')).toBe(2)
    expect((await t.clerk.get('/panel/500.01/customer/documents')).status).toBe(404)
    expect((await t.clerk.get(`/panel/200.01/customer/documents/${await latest()}`)).status).toBe(404)
  })
})

async function latest(): Promise<number> {
  const [row] = await t.town.db.execute<{ id: number }>(sql`select max(id) as id from document`)
  return row?.id ?? 0
}
