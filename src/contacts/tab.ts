import { sql } from 'drizzle-orm'
import { type AccountRow, type TabQuery, tab } from '../accounts/tab.ts'
import { paging } from '../web/paging.ts'
import { draftOf } from './draft.ts'
import { type ContactFacts, contactFacts, OF_ACCOUNT, PAGE } from './facts.ts'
import { contactsData } from './present.ts'

const pageOf = ({ query }: Pick<TabQuery, 'query'>): number =>
  /^[1-9]\d{0,5}$/.test(query.page ?? '') ? Number(query.page) : 1

/** Customers > Account Control Panel > Contacts [001-243]. `?contact=12` selects one. */
export const contactsTab = tab<ContactFacts>({
  path: 'contacts',
  label: 'Contacts',
  need: 'customers.view',
  template: 'contacts/tab',
  count: sql`select count(*) from contact o where ${OF_ACCOUNT}`,
  sql: (asked) => contactFacts(PAGE, (pageOf(asked) - 1) * PAGE),
  present: (_account: AccountRow, facts, asked) => {
    const edit = asked.may('customers.edit') && asked.asOf === undefined
    const drafts = facts.contacts.map(draftOf)
    const { contact = '', section } = asked.query
    const opened = drafts.map((draft) =>
      draft.key === `c${contact}` ? { ...draft, section: (section ?? 'general') as typeof draft.section } : draft,
    )
    const shown = { facts, drafts: opened, selected: `c${contact}`, edit, personal: asked.may('customers.personal') }
    const page = pageOf(asked)
    return {
      ...contactsData(shown),
      theirs: [] as string[],
      mayReveal: asked.may('customers.reveal'),
      maySetUp: asked.may('tables.edit'),
      unsaved: false,
      lost: false,
      page,
      paging: paging(`${asked.at}/contacts`, { contact: '' }, page, facts.total, PAGE),
    }
  },
})
