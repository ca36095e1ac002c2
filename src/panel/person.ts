import { type SQL, sql } from 'drizzle-orm'
import type { Request, Response } from 'express'
import { type AccountRow, type Asking, type Tab, type TabQuery, tab } from '../accounts/tab.ts'
import type { Permission } from '../auth/permissions.ts'
import { PERSON_LISTS, type PersonFacts, type PersonLists, personFacts } from '../customers/person-facts.ts'
import { besideOf, formValues, type OfAccount, openForm } from '../customers/person-page.ts'
import { one } from '../db/db.ts'
import { NotFound } from '../errors.ts'
import { context } from '../web/context.ts'
import { type Feature, param, type RouteOptions } from '../web/routes.ts'
import { type Messages, messageCenter, messageLines } from './message-center.ts'

/** Which person of an account: the customer who lives there, or the owner of a rental, a customer too. */
export type Who = 'customer' | 'owner'

/** Ids of the two, in SQL that sees the account as `a`. */
export const WHO: Record<Who, SQL> = {
  customer: sql`a.customer_id`,
  owner: sql`(select n.owner_customer_id from location n where n.id = a.location_id)`,
}

/** An inner tab of Customer and of Owner alike: one declaration, for either person. */
export interface PersonTab<Raw> {
  /** The piece of the address after `customer/` or `owner/`; empty for the one that opens first. */
  path: string
  label: string
  need: Permission
  /** Extends `customers/person.njk`, which shows Customer ID above and the Message Center beside, and fills the block `inner`. */
  template: string
  /** Json of what it shows; `who` is the person's id in SQL that sees the account as `a`. */
  sql(who: SQL, asked: Asking): SQL
  /** What the template gets, beside `personBase`, the address of the person's own pages. */
  present(raw: Raw, of: Presenting): object
  /** How many there are, in the same SQL. */
  count?(who: SQL): SQL
  /** Whether it is there at all; absent = always. */
  shown?(account: AccountRow): boolean
}

/** The person that an inner tab is about, as Customer ID shows them. */
export interface Presenting {
  person: PersonFacts
  lists: PersonLists
  asked: TabQuery
}

interface Framed<Raw> {
  own: Raw
  person: PersonFacts | null
  lists: PersonLists
  account: OfAccount
  ownerSet: boolean
  messages: Messages
}

/** The two tabs of a declaration: the customer's and the owner's. */
export function personTabs<Raw>(declared: PersonTab<Raw>): Record<Who, Tab> {
  return { customer: tabFor(declared, 'customer'), owner: tabFor(declared, 'owner') }
}

function tabFor<Raw>(declared: PersonTab<Raw>, who: Who): Tab {
  const { path, label, need, template, count, shown = () => true } = declared
  return tab<Framed<Raw>>({
    path: path === '' ? who : `${who}/${path}`,
    label,
    need,
    template,
    inside: who,
    sql: (asked) => sql`json_build_object('own', ${declared.sql(WHO[who], asked)}, 'person', ${personFacts(WHO[who])},
      'lists', ${PERSON_LISTS}, 'account', json_build_object('version', a.version, 'statusId', a.account_status_id),
      'ownerSet', ${WHO.owner} is not null, 'messages', ${messageCenter(WHO[who], who, asked)})`,
    present: (account, raw, asked) => ({
      ...frameOf(account, raw, asked, who, path),
      ...(raw.person ? declared.present(raw.own, { person: raw.person, lists: raw.lists, asked }) : {}),
    }),
    shown: (account: AccountRow) => shown(account) && (who === 'customer' || ownerShown(account, path)),
    ...(count ? { count: count(WHO[who]) } : {}),
  })
}

/** Owner stands on a rental only [001-333]; its inner tabs where there is an owner who may be seen. */
const ownerShown = ({ location }: AccountRow, path: string): boolean =>
  location.rental && (path === '' || location.owner !== null)

/** What `customers/person.njk` shows around an inner tab. */
function frameOf<Raw>(account: AccountRow, raw: Framed<Raw>, asked: TabQuery, who: Who, path: string) {
  const { person, lists, messages } = raw
  const base = {
    who,
    personBase: `${asked.at}/${who}`,
    inner: path,
    theirs: [] as string[],
    whoElse: '',
    ownSave: false,
  }
  if (person === null) return { ...base, person: null, ownerSet: raw.ownerSet, mayChoose: asked.may('customers.edit') }
  const ofAccount = who === 'customer' ? raw.account : undefined
  const edit = asked.may('customers.edit') && asked.asOf === undefined
  const values = formValues(person, ofAccount, path)
  const beside = besideOf(asked.may, lists, ofAccount !== undefined)
  return {
    ...base,
    person: { number: person.number, changed: person.changed },
    personForm: openForm(path === '' ? 'person' : 'identity', values, lists, beside, edit),
    edit,
    statusSince: account.accountStatus.since,
    messages: {
      lines: messageLines(messages, asked.at),
      notes: messages.notes,
      customerBalance: messages.balance ?? account.customerBalance,
      locationBalance: account.locationBalance,
    },
  }
}

/** A tab that is nothing but the place of its inner ones: the first of them opens at its address. */
export const outerTab = (path: string, label: string, shown?: Tab['shown']): Tab =>
  tab({
    path,
    label,
    need: 'customers.view',
    template: '',
    sql: () => sql`null`,
    present: () => ({}),
    ...(shown ? { shown } : {}),
  })

export interface Person {
  id: number
  version: number
  number: string
  name: string
  who: Who
  /** Address of the person's pages on the panel: `/panel/100.01/owner`. */
  base: string
}

/** The person that a request of `personRoutes` names. Absent and hidden answer 404 alike. */
export async function personOf(req: Request, res: Response): Promise<Person> {
  const number = param(req, 'number')
  const who: Who = param(req, 'who') === 'owner' ? 'owner' : 'customer'
  const found = await one<Omit<Person, 'who' | 'base'>>(
    context(res).db,
    sql`select c.id, c.version, c.number, c.name from account a join customer c on c.id = ${WHO[who]} where a.number = ${number}`,
  )
  if (!found) throw new NotFound('account')
  return { ...found, who, base: `/panel/${encodeURIComponent(number)}/${who}` }
}

type Handler = (req: Request, res: Response) => unknown

/** Routes of a person's records: `/panel/:number/customer/<path>` and the owner's alike; an empty path is the person's own. */
export function personRoute(
  made: Feature,
  method: 'get' | 'post',
  path: string,
  need: Permission,
  handler: Handler,
  options: RouteOptions = {},
): void {
  for (const who of ['customer', 'owner'] as const) {
    const named: Handler = (req, res) => {
      req.params.who = who
      return handler(req, res)
    }
    made[method](`/panel/:number/${who}${path === '' ? '' : `/${path}`}`, need, named, options)
  }
}
