import { type SQL, sql } from 'drizzle-orm'
import type { Request, Response } from 'express'
import { one } from '../db/db.ts'
import { NotFound } from '../errors.ts'
import { placeOf } from '../panel/record-service.ts'
import type { Place } from '../panel/records.ts'
import { context } from '../web/context.ts'
import { idParam, param } from '../web/routes.ts'
import { ofPlace, ordersWhere } from './records.ts'
import type { Order } from './tab.ts'

/** The account of the address; NotFound where there is none to see. */
export const placeFor = (req: Request, res: Response): Promise<Place> =>
  placeOf(context(res).db, param(req, 'number'), 'service-orders')

/** Orders `o` that meet a condition; open ones first, then the latest. */
export async function ordersOf(res: Response, condition: SQL): Promise<Order[]> {
  const found = await one<{ list: Order[] }>(context(res).db, sql`select ${ordersWhere(condition)} as list`)
  return found?.list ?? []
}

/** The order of the address; NotFound where it is not one of the account's. */
export async function orderOf(req: Request, res: Response, place: Place): Promise<Order> {
  const [order] = await ordersOf(res, sql`o.id = ${idParam(req, 'id', 'service order')} and ${ofPlace(place)}`)
  if (!order) throw new NotFound('service order')
  return order
}
