import { type SQL, sql } from 'drizzle-orm'
import type { Request, Response } from 'express'
import { type Tab, tab } from '../accounts/tab.ts'
import type { Permission } from '../auth/permissions.ts'
import { one } from '../db/db.ts'
import { NotFound } from '../errors.ts'
import { context } from '../web/context.ts'
import { type Feature, param, type RouteOptions } from '../web/routes.ts'

/** Which person of an account: the customer who lives there, or the owner of a rental, a customer too. */
export type Who = 'customer' | 'owner'

/** Ids of the two, in SQL that sees the account as `a`. */
const WHO: Record<Who, SQL> = {
  customer: sql`a.customer_id`,
  owner: sql`(select n.owner_customer_id from location n where n.id = a.location_id)`,
}

/** An inner tab of Customer and of Owner alike: one declaration, for either person. */
export interface PersonTab<Raw> {
  /** The piece of the address after `customer/` or `owner/`; empty for the one that opens first. */
  path: string
  label: string
  need: Permission
  template: string
  /** Json of what it shows; `who` is the person's id in SQL that sees the account as `a`. */
  sql(who: SQL): SQL
  /** What the template gets, beside `personBase`, the address of the person's own pages. */
  present(raw: Raw): object
  /** How many there are, in the same SQL. */
  count?(who: SQL): SQL
}

/** The two tabs of a declaration: the customer's and the owner's. */
export function personTabs<Raw>(declared: PersonTab<Raw>): Record<Who, Tab> {
  return { customer: tabFor(declared, 'customer'), owner: tabFor(declared, 'owner') }
}

function tabFor<Raw>(declared: PersonTab<Raw>, who: Who): Tab {
  const { path, label, need, template } = declared
  return tab<Raw>({
    path: path === '' ? who : `${who}/${path}`,
    label,
    need,
    template,
    inside: who,
    sql: () => declared.sql(WHO[who]),
    present: (_account, raw, { at }) => ({ ...declared.present(raw), who, personBase: `${at}/${who}` }),
    ...(declared.count ? { count: declared.count(WHO[who]) } : {}),
  })
}

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

/** Routes of a person's records: `/panel/:number/:who/<path>`, for the customer and the owner alike. */
export function personRoute(
  made: Feature,
  method: 'get' | 'post',
  path: string,
  need: Permission,
  handler: Handler,
  options: RouteOptions = {},
): void {
  const checked: Handler = (req, res) => {
    if (!Object.hasOwn(WHO, param(req, 'who'))) throw new NotFound('page')
    return handler(req, res)
  }
  made[method](`/panel/:number/:who/${path}`, need, checked, options)
}
