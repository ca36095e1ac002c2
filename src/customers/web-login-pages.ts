import type { Request, Response } from 'express'
import { recordEvent } from '../audit/service.ts'
import { differ, passwordByLinkForm } from '../auth/forms.ts'
import { NotFound, Refused } from '../errors.ts'
import { answerMessage, sendMail, sendsMail } from '../mail/send.ts'
import { settings } from '../organization/settings.ts'
import { type Person, personOf, personRoute } from '../panel/person.ts'
import { type Context, context } from '../web/context.ts'
import type { Deps } from '../web/deps.ts'
import { flash } from '../web/flash.ts'
import type { FormView } from '../web/form.ts'
import { refusedErrors } from '../web/refused.ts'
import type { Feature } from '../web/routes.ts'
import { goTo, view } from '../web/view.ts'
import { readPerson } from './person-facts.ts'
import { LINK_DAYS, makeWebLink, setWebPassword, webLinkOwner } from './web-login.ts'

const DOOR = { layout: 'layouts/door.njk' }

/** Reset Web Login [001-139, 001-140], where the town offers customer web access (product.md 3.23). */
export function addWebLoginPages(made: Feature, deps: Deps): void {
  personRoute(made, 'get', 'web-login', 'customers.personal', ask)
  personRoute(made, 'post', 'web-login', 'customers.personal', reset(deps))
  made.get('/web-login', 'anyone', openLink(deps)).post('/web-login', 'anyone', takeLink(deps))
}

interface Asked {
  ctx: Context
  person: Person
  email: string
  town: string
}

/** The customer, with an e-mail address to send to. Nothing is there while the town does not offer web access. */
async function askedOf(req: Request, res: Response): Promise<Asked> {
  const ctx = context(res)
  const person = await personOf(req, res)
  const set = await settings(ctx.db)
  const read = await readPerson(ctx.db, person.id)
  if (!set.customerWebAccess || !read) throw new NotFound('page')
  const { email } = read.person.values
  if (typeof email !== 'string' || email === '') {
    throw new Refused('no_email', 'A web login can be reset once the customer has an e-mail address.')
  }
  return { ctx, person, email, town: set.name }
}

async function ask(req: Request, res: Response): Promise<void> {
  const { person, email } = await askedOf(req, res)
  const crumbs = [{ label: person.name, href: `${person.base}/personal-info` }]
  view(req, res, 'customers/web-login', { title: 'Reset Web Login', crumbs, person, email, days: LINK_DAYS })
}

/** Makes the link and sends it; without a mail server the message is a file to send by hand. */
const reset = (deps: Deps) => async (req: Request, res: Response) => {
  const { ctx, person, email, town } = await askedOf(req, res)
  const link = `${req.protocol}://${req.host}${await makeWebLink(ctx.db, person.id, ctx.actor.id)}`
  const event = { actor: ctx.actor.id, action: 'web login reset', subject: 'customer', subjectKey: person.number }
  await recordEvent(ctx.db, { ...event, customerId: person.id, address: ctx.address })
  const mail = {
    to: email,
    from: deps.config.mailFrom ?? '',
    subject: `Your web login at ${town}`,
    text: `Customer ${person.number}: set a new password with this link, once, within ${LINK_DAYS} days.\n\n${link}\n`,
    attachments: [],
  }
  if (!sendsMail(deps)) return answerMessage(res, `web-login-${person.number}`, mail)
  await sendMail(deps, mail)
  flash(req, `The link is sent to ${email}.`)
  goTo(req, res, `${person.base}/personal-info`)
}

const GONE = 'This link has been used or is too old. Ask the utility office for a new one.'

async function owned(deps: Deps, req: Request, res: Response, token: unknown) {
  const owner = typeof token === 'string' ? await webLinkOwner(deps.databases.private, token) : undefined
  if (!owner) {
    view(req, res, 'errors/error', { title: 'This link does not work', detail: GONE, id: '' }, { ...DOOR, status: 410 })
  }
  return owner
}

const openLink = (deps: Deps) => async (req: Request, res: Response) => {
  const { token } = req.query
  if (await owned(deps, req, res, token)) door(req, res, passwordByLinkForm.show({ token }))
}

const door = (req: Request, res: Response, form: FormView, status = 200): void =>
  view(req, res, 'customers/web-password', { title: 'New password', form, done: false }, { ...DOOR, status })

const takeLink = (deps: Deps) => async (req: Request, res: Response) => {
  const owner = await owned(deps, req, res, (req.body as Record<string, unknown>).token)
  if (!owner) return
  const parsed = passwordByLinkForm.parse(req.body)
  if (!parsed.ok) return door(req, res, parsed.view, 422)
  const { token, password } = parsed.data
  const differs = differ(parsed.data)
  if (Object.keys(differs).length > 0) return door(req, res, passwordByLinkForm.show({ token }, differs), 422)
  try {
    const words = [owner.number, owner.name, owner.email ?? '']
    if (!(await setWebPassword(deps.databases.private, token, password, words))) throw new Refused('gone', GONE)
    view(
      req,
      res,
      'customers/web-password',
      { title: 'New password', form: passwordByLinkForm.show(), done: true },
      DOOR,
    )
  } catch (error) {
    door(req, res, passwordByLinkForm.show({ token }, refusedErrors(error)), 422)
  }
}
