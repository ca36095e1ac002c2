import type { Request, Response } from 'express'
import { context } from '../web/context.ts'
import { queryText } from '../web/routes.ts'
import { goTo, view } from '../web/view.ts'
import type { Other } from './lookup-others.ts'
import { accountAt, type Found, firstAccount } from './lookup-store.ts'
import { lookupAll } from './service.ts'
import type { Screen } from './tab.ts'

/** One box for whatever the caller says; the only hit of a whole number or a full answer opens at once. */
export const lookupPage = (screen: Screen) => async (req: Request, res: Response) => {
  const { db } = context(res)
  const q = queryText(req)
  const live = req.query.live !== undefined
  const there = req.query.as === 'location' ? await accountAt(db, q) : ''
  if (there) return goTo(req, res, `${screen.path}/${encodeURIComponent(there)}`)
  const [{ list, others }, firstNumber] = await Promise.all([lookupAll(db, q), live ? '' : firstAccount(db)])
  const hit = live ? undefined : certain(hitsOf(screen, list, others), q, queryAs(req))
  if (hit) return goTo(req, res, hit.href)
  view(req, res, screen.start, { title: screen.title, screen, q, list, others, firstNumber }, { block: 'found' })
}

interface Hit {
  href: string
  account: string
  customer: string
  location: string
}

const hitsOf = (screen: Screen, list: Found[], others: Other[]): Hit[] => [
  ...list.map(({ accountNumber: account, customerNumber: customer, locationNumber: location }) => {
    return { href: `${screen.path}/${encodeURIComponent(account)}`, account, customer, location }
  }),
  ...others.map(({ kind, number }) => {
    const named = { account: '', customer: '', location: '', [kind]: number }
    return { href: `/${kind}s/${encodeURIComponent(number)}`, ...named }
  }),
]

/** A card's box asks for its own number: the customer's or the location's; the box of the page for either. */
const queryAs = (req: Request): ('customer' | 'location')[] =>
  req.query.as === 'customer' || req.query.as === 'location' ? [req.query.as] : ['customer', 'location']

/** The account of that number; else the only hit whose customer or location has it; else the only hit. */
function certain(hits: Hit[], q: string, as: ('customer' | 'location')[]): Hit | undefined {
  const account = hits.find((hit) => hit.account !== '' && hit.account === q)
  const whole = q === '' ? [] : hits.filter((hit) => as.some((name) => hit[name] === q))
  return account ?? (whole.length === 1 ? whole[0] : hits.length === 1 ? hits[0] : undefined)
}
