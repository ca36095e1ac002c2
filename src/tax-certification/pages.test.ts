import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { one } from '../db/db.ts'
import { appFor, type Browser, signedIn } from '../testing/browser.ts'
import { faults, standing } from '../testing/certifying.ts'
import { freshTown, type TestTown } from '../testing/database.ts'
import { GOLDEN, loadTown } from '../testing/towns.ts'
import { uploaded } from '../testing/upload.ts'

let town: TestTown
let clerk: Browser
let supervisor: Browser
beforeAll(async () => {
  town = await freshTown()
  await loadTown(town.db, GOLDEN)
  await town.db.execute(sql`insert into collection_code (code, name) values ('TC', 'Certified')`)
  const app = appFor(town, { today: '2011-05-02' })
  clerk = await signedIn(town, 'clerk', app)
  supervisor = await signedIn(town, 'supervisor', app)
})
afterAll(async () => {
  expect(await faults(town.db)).toEqual([])
  await town.drop()
})

const PATH = '/tax-certification'
const CREATE = { date: '04/30/2011', taxYear: '2011', existingAlertMessages: 'append' }
const UPDATE = {
  date: '04/30/2011',
  description: 'Tax Certification {year}',
  include: 'unupdated',
  existingAlertMessages: 'append',
}

/** Preview, then GO with the hash of what was shown. */
async function previewAndGo(path: string, form: Record<string, string>) {
  const preview = await supervisor.post(`${path}/preview`, form)
  expect(preview.status, preview.text).toBe(303)
  const address = preview.headers.location ?? ''
  const page = await supervisor.get(address)
  const hash = /name="hash" value="([0-9a-f]+)"/.exec(page.text)?.[1] ?? ''
  const run = /run=(\d+)/.exec(address)?.[1] ?? ''
  const posted = await supervisor.post(`${path}/go`, { run, hash })
  return { page: page.text, posted }
}

describe('the batch screens', () => {
  it('are in the menu with the labels of the source (000-001, 000-010, 000-054)', async () => {
    const { text } = await clerk.get('/menu/tax-certification')
    for (const label of [
      'Create Tax Certification Records',
      'Print Certification Notices',
      'Update Customer Balances',
      'County file',
      'Enter Certification Payments',
      'Certification Register',
    ])
      expect(text).toContain(label)
  })

  it('Create asks for what the source names (000-055 to 000-058, 000-066 to 000-069)', async () => {
    const { text } = await clerk.get(`${PATH}/create-records`)
    for (const label of [
      'Update Customer Accounts',
      'Assign Collection Code',
      'Replace Existing Collection Code',
      'Add Alert Message',
      'Update Customers With an Existing Alert Message',
      'Existing Alert Messages',
      'Append To',
      'Replace<',
      'TC Certified',
      '/organization/collection-codes',
    ])
      expect(text).toContain(label)
  })

  it('Create previews and posts (000-063)', async () => {
    const { page, posted } = await previewAndGo(`${PATH}/create-records`, {
      ...CREATE,
      assignCollectionCode: 'TC',
      addAlertMessage: 'Certified',
    })
    expect(page).toContain('204.55')
    expect(posted.status).toBe(303)
    expect((await standing(town.db, '100.01')).claims).toBe(3)
  })

  it('Update shows its options, help with the worked example and the date of the last create (000-005, 000-012, 000-015, 000-017, 000-019 to 000-024, 000-031, 000-032)', async () => {
    const { text } = await clerk.get(`${PATH}/update-customer-balances`)
    for (const label of [
      'Transaction Options',
      'Date',
      'Description',
      'Certifications to Include',
      'Unupdated dates',
      'Update Certifications That Have Already Been Updated',
      'Selection Criteria',
      'Only accounts that meet every line are taken',
      'Update Customer Accounts',
      'Control+G',
      '04/30/2011',
      '204.55 certified, 68.88 left',
    ])
      expect(text).toContain(label)
    expect(text).not.toMatch(/name="updateAlreadyUpdated"[^>]*checked/)
  })

  it('Update refuses an early date at its field, and a repair without the right', async () => {
    const early = await supervisor.post(`${PATH}/update-customer-balances/preview`, { ...UPDATE, date: '04/29/2011' })
    expect(early.status).toBe(422)
    expect(early.text).toContain('before a certification dated 04/30/2011')
    const repair = {
      ...UPDATE,
      include: 'dates',
      from: '04/01/2011',
      to: '04/30/2011',
      updateAlreadyUpdated: 'on',
      reason: 'x',
    }
    expect((await clerk.post(`${PATH}/update-customer-balances/preview`, repair)).status).toBe(403)
    const dates = await supervisor.post(`${PATH}/update-customer-balances/preview`, {
      ...UPDATE,
      include: 'dates',
      from: '04/01/2011',
    })
    expect(dates.text).toContain('Write both dates')
  })

  it('Update previews before and after, and posts (000-002, 000-031)', async () => {
    const { page, posted } = await previewAndGo(`${PATH}/update-customer-balances`, UPDATE)
    for (const shown of ['273.43', '-204.55', '68.88', '25.00']) expect(page).toContain(shown)
    expect(posted.status).toBe(303)
    expect(await standing(town.db, '100.01')).toMatchObject({ balance: '68.88', certified: ['2011 229.55'] })
  })

  it('county file and notices make their files', async () => {
    const county = await previewAndGo(`${PATH}/county-file`, { taxYear: '2011', layout: 'csv' })
    expect(county.page).toContain('204.55')
    expect(county.posted.status).toBe(303)
    const run = /runs\/(\d+)/.exec(county.posted.headers.location ?? '')?.[1]
    expect((await clerk.get(`/runs/${run}`)).text).toContain('county-2011-csv.csv')
    const notices = await previewAndGo(`${PATH}/print-notices`, {
      date: '05/02/2011',
      taxYear: '2011',
      payBy: '05/20/2011',
    })
    expect(notices.posted.status).toBe(303)
  })
})

describe('Enter Certification Payments (000-047)', () => {
  it('goes from account to form to the next account, the amount being the balance', async () => {
    expect((await clerk.get(`${PATH}/payments`)).text).toContain('Next payment')
    const hit = await clerk.post(`${PATH}/payments`, { account: '100.01' })
    expect(hit.headers.location).toBe(`${PATH}/payments/100.01`)
    const page = await clerk.get(`${PATH}/payments/100.01`)
    expect(page.text).toContain('value="229.55"')
    const form = {
      requestId: 'a1',
      taxYear: '2011',
      amount: '100.00',
      date: '05/02/2011',
      checkNumber: '5512',
      sourceId: 'C-1',
    }
    const posted = await clerk.post(`${PATH}/payments/100.01`, form)
    expect(posted.headers.location).toBe(`${PATH}/payments`)
    await clerk.post(`${PATH}/payments/100.01`, form)
    expect((await standing(town.db, '100.01')).certified).toEqual(['2011 129.55'])
    const next = await clerk.get(`${PATH}/payments`)
    expect(next.text).toContain('5512')
    expect((await clerk.get(`${PATH}/payments/100.01`)).text).toContain('value="C-1"')
    const more = await clerk.post(`${PATH}/payments/100.01`, { ...form, requestId: 'a2', amount: '129.56' })
    expect(more.status).toBe(422)
    expect(more.text).toContain('is more than the certification balance')
    expect((await clerk.get(`${PATH}/payments/999.01`)).status).toBe(404)
  })

  it('takes a file of the county as a run with a preview', async () => {
    const file = { name: 'county 5.csv', text: 'Account,Tax Year,Amount,Date\n100.01,2011,29.55,05/02/2011\n' }
    expect((await clerk.post(`${PATH}/payments/file`, {})).status).toBe(422)
    const { headers } = await uploaded(supervisor, `${PATH}/payments/file`, {}, file)
    const [path = '', run = ''] = (headers.location ?? '').split('?run=')
    const { text } = await supervisor.get(headers.location ?? '')
    expect(text).toContain(`<a href="/runs/${run}/files/received-county_5.csv">`)
    const hash = /name="hash" value="([0-9a-f]+)"/.exec(text)?.[1] ?? ''
    expect((await supervisor.post(`${path}/go`, { run, hash })).status).toBe(303)
    expect((await standing(town.db, '100.01')).certified).toEqual(['2011 100.00'])
  })
})

describe('Enter Certification Adjustments (000-048)', () => {
  const form = { requestId: 'b1', taxYear: '2011', reason: 'removed', amount: '50.00', date: '04/30/2011' }

  it('warns of a day with certifications and proposes another (000-052), shows the result, then posts it once', async () => {
    const preview = await supervisor.post(`${PATH}/adjustments/100.01`, { ...form, step: 'preview' })
    expect(preview.text).toContain('05/01/2011')
    expect(preview.text).toContain('118.88')
    const shown = /name="shown" value="([0-9a-f]+)"/.exec(preview.text)?.[1] ?? ''
    expect(
      (await supervisor.post(`${PATH}/adjustments/100.01`, { ...form, amount: '60.00', step: 'post', shown })).text,
    ).toContain('nothing was posted yet')
    const posted = await supervisor.post(`${PATH}/adjustments/100.01`, { ...form, step: 'post', shown })
    expect(posted.headers.location).toBe(`${PATH}/adjustments`)
    expect(await standing(town.db, '100.01')).toMatchObject({ balance: '118.88', certified: ['2011 50.00'] })
    expect((await clerk.get(`${PATH}/adjustments`)).status).toBe(403)
  })
})

describe('register and case', () => {
  it('the register lists the kinds asked for, with totals and as a file', async () => {
    const all = await clerk.get(`${PATH}/register`)
    for (const shown of ['PAdj', 'CertPmt', 'CertAdj', 'Mary Holt']) expect(all.text).toContain(shown)
    const payments = await clerk.get(`${PATH}/register?kinds=payments&kinds=adjustments`)
    expect(payments.text).not.toContain('>PAdj<')
    const file = await clerk.get(`${PATH}/register.csv?kinds=updates`)
    expect(file.text.split('\n')[1]).toContain('updates')
    expect((await clerk.get(`${PATH}/register?from=13/45/2011`)).status).toBe(422)
  })

  it('the case shows how far each account has come, and a certification its lines', async () => {
    expect((await clerk.get(`${PATH}/cases`)).text).toContain('2011')
    const page = await clerk.get(`${PATH}/cases/2011`)
    expect(page.text).toContain('Partly paid')
    expect((await clerk.get(`${PATH}/cases/2011?stage=candidate`)).text).toContain('Candidates')
    const number = /certifications\/(\d+)/.exec(page.text)?.[1] ?? ''
    expect((await clerk.get('/accounts/100.01/certification')).text).toContain(
      `<a href="/tax-certification/certifications/${number}">Certification ${number}</a>`,
    )
    const certification = await supervisor.get(`${PATH}/certifications/${number}`)
    expect(certification.text).toContain('02/28/2011')
    const refused = await supervisor.post(`${PATH}/certifications/${number}/withdraw`, {
      requestId: 'c1',
      reason: 'Council',
    })
    expect(refused.status).toBe(422)
    expect(refused.text).toContain('Enter a certification adjustment instead')
    expect((await clerk.post(`${PATH}/certifications/${number}/withdraw`, { reason: 'x' })).status).toBe(403)
    expect((await clerk.get(`${PATH}/cases/20`)).status).toBe(404)
    expect((await clerk.get(`${PATH}/certifications/999`)).status).toBe(404)
  })

  it('a private customer is on none of them for a clerk', async () => {
    await town.db.execute(sql`update customer set public = false`)
    const secret = ['/register', '/cases/2011', '/payments/100.01', '/register.csv']
    for (const path of secret) expect((await clerk.get(PATH + path)).text).not.toContain('Mary Holt')
    expect(await one(town.app, sql`select count(*)::int as n from ledger.certification`)).toEqual({ n: 0 })
  })
})
