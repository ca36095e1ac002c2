import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { transactionsOf } from '../../accounts/service.ts'
import { one } from '../../db/db.ts'
import { checkLedger } from '../../ledger/check.ts'
import { reverse } from '../../ledger/reverse.ts'
import { messageBytes } from '../../mail/message.ts'
import { isAddress } from '../../mail/rules.ts'
import { appFor, type Browser, signedIn } from '../../testing/browser.ts'
import { aCharge } from '../../testing/clerk-town.ts'
import { formOf } from '../../testing/form.ts'
import { MOVEMENT_DAY, type MovementTown, movementTown } from '../../testing/movement-town.ts'
import { duplicatesPdf, makeStatement, mustBeStatement } from './service.ts'

let made: MovementTown
let clerk: Browser
let viewer: Browser

const words = (html: string) => html.replace(/<[^>]+>/g, ' ').replace(/\s+/g, ' ')
const make = (account: string, key: string, date = MOVEMENT_DAY) =>
  makeStatement(made.who(), account, { date, format: 'plain' }, key)
const newest = async (account: string, type: string) =>
  (await transactionsOf(made.town.db, account)).find((each) => each.type === type)?.id ?? ''
const decoded = (eml: string) =>
  Buffer.from(eml.split('base64')[1]?.split('\r\n\r\n')[1]?.split('\r\n--')[0] ?? '', 'base64')

beforeAll(async () => {
  made = await movementTown()
  const app = appFor(made.town, { today: MOVEMENT_DAY })
  clerk = await signedIn(made.town, 'clerk', app)
  viewer = await signedIn(made.town, 'viewer', app)
})
afterAll(async () => {
  expect((await checkLedger(made.town.db)).filter(({ faults }) => faults > 0)).toEqual([])
  await made.town.drop()
})

describe('the statement record', () => {
  it('balance forward, charges since the last, amount; made once for a request, never changed', async () => {
    const account = await made.owing({ WA: '40.00' }, '2011-02-28')
    await aCharge(made.town.db, account, '2011-04-05', { WA: '25.00', SE: '10.00' })
    const first = await make(account, 'one')
    expect(first).toMatchObject({ balanceForward: '40.00', charges: '35.00', amount: '75.00', dueDate: '2011-04-25' })
    expect((await make(account, 'one')).number).toBe(first.number)
    await made.pay(account, '50.00')
    await aCharge(made.town.db, account, '2011-04-19', { WA: '5.00' }, { type: 'Pen' })
    const second = await make(account, 'two')
    expect(second).toMatchObject({ balanceForward: '25.00', charges: '5.00', amount: '30.00' })
    expect(Number(second.number)).toBeGreaterThan(Number(first.number))
    await expect(made.town.db.execute(sql`update ledger.statement set amount = 0`)).rejects.toThrow()
    const audit = await one(
      made.town.db,
      sql`select action from audit where subject = 'statement' and subject_key = ${second.number}`,
    )
    expect(audit).toEqual({ action: 'add' })
  })

  it('two presses at once make one statement, with one file and one line in the audit', async () => {
    const account = await made.owing({ WA: '40.00' })
    const counted = () =>
      one<{ files: number; lines: number }>(
        made.town.db,
        sql`select (select count(*)::int from file) as files, (select count(*)::int from audit where subject = 'statement') as lines`,
      )
    const before = await counted()
    const [first, second] = await Promise.all([make(account, 'twice'), make(account, 'twice')])
    expect(first?.number).toBe(second?.number)
    expect(await counted()).toEqual({ files: (before?.files ?? 0) + 1, lines: (before?.lines ?? 0) + 1 })
  })

  it('a charge that is being posted while a statement is made stands on that statement or on the next', async () => {
    const account = await made.owing({ WA: '40.00' })
    await make(account, 'while-0')
    const posting = await made.town.db.transaction(async (tx) => {
      await tx.execute(sql`select now()`)
      await make(account, 'while-1')
      await aCharge(tx, account, '2011-04-19', { WA: '25.00' })
      const waiting = make(account, 'while-2')
      await new Promise((resume) => setTimeout(resume, 200))
      return { waiting }
    })
    expect(await posting.waiting).toMatchObject({ balanceForward: '40.00', charges: '25.00', amount: '65.00' })
    expect(await make(account, 'while-3')).toMatchObject({ balanceForward: '65.00', charges: '0.00', amount: '65.00' })
  })

  it('two statements made at once do not charge the same twice', async () => {
    const account = await made.owing({ WA: '40.00' }, '2011-04-02')
    const both = await Promise.all([make(account, 'once-1'), make(account, 'once-2')])
    expect(both.map(({ charges }) => charges).sort()).toEqual(['0.00', '40.00'])
  })

  it('a charge that was reversed moves no due date: what is still unpaid does', async () => {
    const account = await made.owing({ WA: '40.00' }, '2011-04-02')
    await make(account, 'due-1')
    const wrong = await aCharge(made.town.db, account, '2011-04-18', { WA: '5.00' })
    await aCharge(made.town.db, account, '2011-04-03', { WA: '7.00' })
    await reverse(made.town.db, { number: wrong, kind: 'Rev', reason: 'wrong', actor: 0, today: MOVEMENT_DAY })
    expect(await make(account, 'due-2')).toMatchObject({ charges: '7.00', dueDate: '2011-04-23' })
    const again = await aCharge(made.town.db, account, '2011-04-18', { WA: '5.00' })
    await reverse(made.town.db, { number: again, kind: 'Rev', reason: 'wrong', actor: 0, today: MOVEMENT_DAY })
    expect(await make(account, 'due-3')).toMatchObject({ charges: '0.00', dueDate: '2011-04-23' })
  })

  it('the town has emptied its due days: twenty again, in the statement, at the counter and in a selection', async () => {
    const account = await made.owing({ WA: '40.00' }, '2011-04-02')
    await made.put('due_days', '')
    expect(await make(account, 'empty')).toMatchObject({ dueDate: '2011-04-22' })
    expect((await made.pay(account, '10.00')).balanceAfter).toBe('30.00')
    const due = await one(
      made.town.db,
      sql`select b.due_date::text as due from ledger.open_bucket b join account a on a.id = b.account_id where a.number = ${account}`,
    )
    expect(due).toEqual({ due: '2011-04-22' })
    await made.put('due_days', '20')
  })

  it('001-390 001-391: Statement asks for the format and prints the full current statement', async () => {
    const account = await made.owing({ WA: '40.00' }, '2011-04-02')
    const page = (await clerk.get(`/accounts/${account}/statements/new`)).text
    expect(words(page)).toContain('Select Report Format')
    expect(words(page)).toContain('Current charges 40.00 Amount due by 04/22/2011 40.00')
    const sent = await clerk.post(`/accounts/${account}/statements`, { ...formOf(page, 'statement'), format: 'plain' })
    expect(sent.status).toBe(303)
    const shown = words((await viewer.get(sent.headers.location ?? '')).text)
    expect(shown).toMatch(/Balance forward 0\.00 Charges since the last 40\.00 Amount 40\.00 Format Plain letter/)
    const pdf = await viewer.get(`${sent.headers.location}/file`).buffer(true)
    expect([pdf.type, pdf.body.subarray(0, 5).toString()]).toEqual(['application/pdf', '%PDF-'])
    expect((await viewer.get(`/accounts/${account}/statements/new`)).status).toBe(403)
    expect(words((await viewer.get(`/accounts/${account}/statements`)).text)).toContain('Statements sent')
  })

  it('001-392 001-393: duplicates are a page for each contact; without contacts there is none, and it is said', async () => {
    const account = await made.owing({ WA: '40.00' }, '2011-04-02')
    const page = (await clerk.get(`/accounts/${account}/statements/new?duplicates=yes`)).text
    expect(words(page)).toContain('prints a duplicate for each contact of the customer')
    const row = await make(account, 'dup')
    const at = `/accounts/${account}/statements/${row.number}`
    expect(words((await clerk.get(at)).text)).toContain('No contact of this customer gets a duplicate.')
    expect((await clerk.get(`${at}/duplicates`)).headers.location).toBe(at)
    await made.town.db.execute(sql`insert into email_type (code, name) values ('own', 'Own') on conflict do nothing`)
    await made.town.db.execute(sql`with k as (insert into contact_type (code, name) values ('kin', 'Family') returning id),
      c as (insert into contact (number, customer_id, contact_type_id, first_name, last_name, notices)
        select x.number, (select customer_id from account where number = ${account}), k.id, x.first, 'Lee', x.notices
        from k, (values ('K1', 'Ann', 'mail'), ('K2', 'Bo', 'email'), ('K3', 'Cy', 'none')) as x(number, first, notices) returning id, number)
      insert into contact_email (contact_id, email_type_id, address, is_primary)
        select id, (select min(id) from email_type), 'bo@example.org', true from c where number = 'K2'`)
    const withContacts = words((await clerk.get(at)).text)
    expect(withContacts).toMatch(/Ann Lee Mail: .*Bo Lee E-mail: bo@example\.org/)
    expect(withContacts).not.toContain('Cy Lee')
    const printed = await clerk.get(`${at}/duplicates`).buffer(true)
    expect(printed.body.toString('latin1').match(/\/Type \/Page\b/g)).toHaveLength(1)
    const listed = (await clerk.get(at)).text
    const offered = formOf(listed, /id="(duplicate-\d+)"/.exec(listed)?.[1] ?? '')
    // somebody sorts before Bo by the time the button is pressed
    await made.town.db.execute(sql`with c as (insert into contact (number, customer_id, contact_type_id, first_name, last_name, notices)
        select 'K4', o.customer_id, o.contact_type_id, 'Al', 'Abel', 'email' from contact o where o.number = 'K2' returning id)
      insert into contact_email (contact_id, email_type_id, address, is_primary)
        select id, (select min(id) from email_type), 'al@example.org', true from c`)
    const message = await clerk.post(`${at}/duplicates`, offered)
    const eml = message.body instanceof Buffer ? message.body.toString() : (message.text ?? '')
    expect(eml).toContain('To: bo@example.org')
    for (const contact of ['', '0', 'x', '99999999999']) {
      expect((await clerk.post(`${at}/duplicates`, { contact })).status).toBe(404)
    }
    const contact = (name: string) => ({
      name,
      lines: ['1 Mill Rd', 'Ashford, UT 84000'],
      email: null,
      notices: 'mail' as const,
    })
    const pdf = (await duplicatesPdf(row, [contact('Ann Lee'), contact('Bo Day')])).toString('latin1')
    expect(pdf.match(/\/Type \/Page\b/g)).toHaveLength(2)
  })

  it('a private account has none to see', async () => {
    const hidden = await made.owing({ WA: '40.00' }, '2011-04-02', { customer: { public: false } })
    const row = await makeStatement(made.who(true, made.town.db), hidden, { date: MOVEMENT_DAY, format: 'plain' }, 'p')
    for (const path of ['statements', 'statements/new', `statements/${row.number}`, `statements/${row.number}/file`]) {
      expect((await clerk.get(`/accounts/${hidden}/${path}`)).status).toBe(404)
    }
    await expect(mustBeStatement(made.town.app, hidden, row.number)).rejects.toThrow('no such statement')
  })
})

describe('e-mail', () => {
  const withEmail = async (email: string | null, notices = true) => {
    const account = await made.owing({ WA: '40.00' }, '2011-04-02', { customer: { email, emailNotices: notices } })
    return { account, charge: await newest(account, 'Bill') }
  }

  it('001-395 001-396 001-397: Email Statement on the charge line makes the message, addressed by itself', async () => {
    const { account, charge } = await withEmail('mary@example.org')
    const path = `/accounts/${account}/transactions/${charge}/statement-email`
    expect(words((await clerk.get(path)).text)).toContain('This charge stands on no statement: the full current one')
    const sent = await clerk.post(path).then((answer) => answer)
    expect([sent.status, sent.type]).toEqual([200, 'message/rfc822'])
    const eml = sent.body instanceof Buffer ? sent.body.toString() : (sent.text ?? '')
    expect(sent.headers['content-disposition']).toMatch(/filename=statement-\d+\.eml/)
    expect(eml).toContain('To: mary@example.org')
    expect(eml).toContain('Subject: Your utility statement')
    expect(eml).toMatch(/filename=statement-\d+\.pdf/)
    expect(decoded(eml).subarray(0, 5).toString()).toBe('%PDF-')
    const again = await clerk.get(path)
    expect(again.headers.location).toMatch(/\/statements\/\d+\/email$/)
    const audit = await one(
      made.town.db,
      sql`select count(*)::int as n from audit where subject = 'statement' and action = 'email' and new->>'account' = ${account}`,
    )
    expect(audit).toEqual({ n: 1 })
  })

  it('001-398: follows the e-bill options of the organization', async () => {
    const { account, charge } = await withEmail('mary@example.org', false)
    const path = `/accounts/${account}/transactions/${charge}/statement-email`
    const history = async () => (await clerk.get(`/panel/${account}/history`)).text
    expect(await history()).not.toContain('Email Statement')
    const refused = await clerk.post(path)
    expect([refused.status, words(refused.text).includes('Email notices is not ticked')]).toEqual([422, true])
    await made.put('email_statements', 'all')
    expect(await history()).toContain('Email Statement')
    expect((await clerk.post(path)).status).toBe(200)
    await made.put('email_statements', 'off')
    expect(await history()).not.toContain('Email Statement')
    await made.put('email_statements', 'opted_in')
  })

  it('001-394 001-395: Email Receipt attaches a file of the chosen type; without an address nobody is addressed', async () => {
    const { account } = await withEmail(null)
    const { receiptNumber } = await made.pay(account, '12.50')
    const path = `/receipts/${receiptNumber}/email`
    expect(words((await clerk.get(path)).text)).toContain('To no address on file File type PDF Plain text')
    const text = await clerk.post(path, { type: 'txt' })
    expect(text.type).toBe('message/rfc822')
    const eml = text.body instanceof Buffer ? text.body.toString() : (text.text ?? '')
    expect(eml).toContain(`filename=receipt-${receiptNumber}.txt`)
    expect(eml).not.toMatch(/^To:/m)
    const pdf = await clerk.post(path, { type: 'pdf' })
    const other = pdf.body instanceof Buffer ? pdf.body.toString() : (pdf.text ?? '')
    expect(other).toContain(`filename=receipt-${receiptNumber}.pdf`)
    expect((await viewer.get(path)).status).toBe(403)
  })

  it('one address, one line: a header cannot be broken into', async () => {
    for (const bad of ['a@b\r\nBcc: x@y', 'a@b, c@d', 'a b@c', '<a@b>', 'a']) expect(isAddress(bad)).toBe(false)
    const mail = { to: '', from: '', subject: 'One\r\nBcc: evil@example.org', text: 'x', attachments: [] }
    expect((await messageBytes(mail)).toString()).toContain('Subject: One Bcc: evil@example.org')
    await expect(messageBytes({ ...mail, to: 'a@b\nc@d' })).rejects.toThrow()
  })
})
