import { sql } from 'drizzle-orm'
import { tab } from '../accounts/tab.ts'
import { pageNumber, paging } from '../web/paging.ts'
import { draftOf } from './draft.ts'
import { type ContactFacts, contactFacts, OF_ACCOUNT, PAGE } from './facts.ts'
import { contactsData } from './present.ts'

/** Customers > Account Control Panel > Contacts [001-243]. `?contact=12` selects one. */
export const contactsTab = tab<ContactFacts>({
  path: 'contacts',
  label: 'Contacts',
  need: 'customers.view',
  template: 'contacts/tab',
  count: sql`select count(*) from contact o where ${OF_ACCOUNT}`,
  sql: (asked) => contactFacts(PAGE, (pageNumber(asked.query.page) - 1) * PAGE),
  present: (_account, facts, asked) => {
    const edit = asked.may('customers.edit') && asked.asOf === undefined
    const drafts = facts.contacts.map(draftOf)
    const { contact = '', section } = asked.query
    const opened = drafts.map((draft) =>
      draft.key === `c${contact}` ? { ...draft, section: (section ?? 'general') as typeof draft.section } : draft,
    )
    const shown = { facts, drafts: opened, selected: `c${contact}`, edit, personal: asked.may('customers.personal') }
    const page = pageNumber(asked.query.page)
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
