import type { Express, Request, Response } from 'express'
import nunjucks from 'nunjucks'
import { csrfToken } from '../auth/csrf.ts'
import type { Role } from '../auth/permissions.ts'
import { assetUrls } from './assets.ts'
import type { Context } from './context.ts'
import { takeFlash } from './flash.ts'
import { currentMenu, type Menu, menusFor } from './menu.ts'
import { routesOf } from './routes.ts'
import { templates } from './templates.ts'
import { NO_TOWN, type TownFacts } from './town.ts'

/** What the layout shows around a screen. */
export function shellOf(req: Request, res: Response) {
  const context = res.locals.context as Context | undefined
  const menus = context ? menusOf(req, context.actor.role) : []
  const current = currentMenu(menus, req.path)
  return {
    assets: assetUrls,
    town: (res.locals.town as TownFacts | undefined) ?? NO_TOWN,
    banner: (req.app.locals.banner as string | undefined) ?? '',
    today: context?.today ?? '',
    user: context?.actor.name ?? '',
    menubar: (at = '') => menubarOf(req, context?.actor.role, menus, [current?.name ?? '', at]),
    crumbs: current && current.href !== req.path ? [{ label: current.name, href: current.href }] : [],
    canLookUp: context?.may('customers.view') ?? false,
    flash: takeFlash(req),
    csrf: csrfToken(req),
    path: req.path,
  }
}

/** A role's menus are made once: routes do not change while the application runs. */
export function menusOf(req: Request, role: Role): Menu[] {
  req.app.locals.menus ??= new Map<Role, Menu[]>()
  const made = req.app.locals.menus as Map<Role, Menu[]>
  let menus = made.get(role)
  if (!menus) {
    menus = menusFor(routesOf(req.app as Express), role)
    made.set(role, menus)
  }
  return menus
}

/** The menus as markup, the same for everybody of a role who stands in the same menu; `open` are its names. */
function menubarOf(req: Request, role: Role | undefined, menus: Menu[], open: string[]) {
  req.app.locals.menubars ??= new Map<string, nunjucks.runtime.SafeString>()
  const made = req.app.locals.menubars as Map<string, nunjucks.runtime.SafeString>
  const key = [role, ...open].join('|')
  let bar = made.get(key)
  if (!bar) {
    bar = new nunjucks.runtime.SafeString(templates.render('shared/menubar.njk', { menus, open }))
    made.set(key, bar)
  }
  return bar
}
