import type { Request, Response } from 'express'
import { removeRow, whoChanged } from '../customers/rows.ts'
import { Conflict, NotFound } from '../errors.ts'
import { refusedErrors } from '../web/refused.ts'
import { withSeen } from '../web/seen.ts'
import { view } from '../web/view.ts'
import { type Asked, askedOf, backOf, done, formNow, foundOf, show } from './record-show.ts'
import type { Found, RecordFrame } from './records.ts'

/** Delete asks once, and says what else goes. Whoever looked at an older version is shown the record as it is now. */
export async function askRemove(frame: RecordFrame, req: Request, res: Response): Promise<void> {
  const { kind } = frame
  const { asked, found } = await removable(frame, req, res)
  const { version } = req.query
  if (version !== undefined && version !== String(found.version)) return tellChanged(frame, asked, found)
  const data = {
    title: `Delete ${kind.noun} ${found.name}`,
    crumbs: [{ label: asked.place.number, href: backOf(kind, asked.place) }],
    noun: kind.noun,
    found,
    goesToo: (await kind.goesToo?.(asked.ctx, found)) ?? '',
    action: `${asked.place.at}/${found.id}/delete`,
    back: `${asked.place.at}/${found.id}`,
  }
  view(req, res, 'panel/record-delete', data)
}

/** Deletes the record that was shown: one that was changed since stays, and the clerk is told. */
export async function remove(frame: RecordFrame, req: Request, res: Response): Promise<void> {
  const { kind } = frame
  const { asked, found } = await removable(frame, req, res)
  const seen = { id: found.id, version: Number((req.body as { version?: unknown }).version) || 0 }
  try {
    await removeRow(asked.ctx.db, kind.table, seen, asked.ctx.actor.id, kind.used ?? `This ${kind.noun} is used.`)
    done(kind, asked, `The ${kind.noun} is deleted.`)
  } catch (error) {
    if (error instanceof Conflict) return tellChanged(frame, asked, await foundOf(frame, asked))
    await showAgain(frame, asked, found, refusedErrors(error), 422)
  }
}

async function removable(frame: RecordFrame, req: Request, res: Response): Promise<{ asked: Asked; found: Found }> {
  const asked = await askedOf(frame, req, res)
  const found = await foundOf(frame, asked)
  if (found.removable === false) throw new NotFound(frame.kind.noun)
  return { asked, found }
}

async function tellChanged(frame: RecordFrame, asked: Asked, found: Found): Promise<void> {
  const who = (await whoChanged(asked.ctx.db, frame.kind.table, found.id)) ?? 'Somebody else'
  const told = `${who} changed this ${frame.kind.noun} while you had it open. Nothing was deleted: this is how it is now.`
  await showAgain(frame, asked, found, { '': told }, 409)
}

async function showAgain(
  frame: RecordFrame,
  asked: Asked,
  found: Found,
  errors: Record<string, string>,
  status: number,
): Promise<void> {
  const more = await frame.kind.more?.(asked.ctx, asked.place, found)
  show(frame.kind, asked, withSeen(formNow(frame, asked, found, errors)), { status, found, more })
}
