import { sql } from 'drizzle-orm'
import type { Request, Response } from 'express'
import { type Db, rows } from '../db/db.ts'
import { NotFound } from '../errors.ts'
import { context } from '../web/context.ts'
import { param } from '../web/routes.ts'
import { view } from '../web/view.ts'
import { receiptRow } from './store.ts'

/** A receipt, the same on screen and paper; a voided one keeps its number and says so. */
export async function receiptPage(req: Request, res: Response): Promise<void> {
  const { db, may } = context(res)
  const number = param(req, 'receipt')
  const receipt = await receiptRow(db, number)
  if (!receipt) throw new NotFound('receipt')
  const lines = receipt.lines.map((line) => ({ ...line, balanceAfter: balanceAfter(line.facts) }))
  view(req, res, 'payments/receipt', {
    title: `Receipt ${number}`,
    receipt: { ...receipt, lines },
    town: await letterhead(db),
    mayEmail: may('payments.take'),
  })
}

export const balanceAfter = (facts: unknown): string =>
  (facts as { payment?: { balanceAfter?: string } } | null)?.payment?.balanceAfter ?? ''

/** The town's own address, as it stands on papers. */
export async function letterhead(db: Db): Promise<Record<string, string>> {
  const names = ['name', 'address_line_1', 'address_line_2', 'city', 'state', 'zip', 'phone']
  const found = await rows<{ name: string; value: string }>(
    db,
    sql`select name, value from setting where name in ${names}`,
  )
  return {
    ...Object.fromEntries(names.map((name) => [name, ''])),
    ...Object.fromEntries(found.map((row) => [row.name, row.value])),
  }
}
