import type { Context } from '../web/context.ts'
import { criteriaOf } from './criteria-form.ts'
import { type CriteriaError, type CriteriaTyped, EMPTY_LINE, typedOf } from './criteria-view.ts'
import { deleteSet, loadSet, saveSet } from './saved-criteria.ts'

interface Step {
  criteria: CriteriaTyped
  error?: CriteriaError
  /** What was done, for the screen to say. */
  said?: string
}

const NAME_MOST = 60

/** One button of the criteria builder: `add`, `remove-2`, `clear`, `load`, `save`, `delete`; none = show it anew. */
export async function changeCriteria(
  ctx: Context,
  kind: string,
  typed: CriteriaTyped,
  body: Record<string, unknown>,
): Promise<Step> {
  const pressed = typeof body.do === 'string' ? body.do : ''
  const removed = /^remove-(\d{1,2})$/.exec(pressed)
  if (removed) return { criteria: { lines: typed.lines.filter((_, at) => at !== Number(removed[1]) - 1) } }
  if (pressed === 'add') return { criteria: { lines: [...typed.lines, EMPTY_LINE] } }
  if (pressed === 'clear') return { criteria: { lines: [] } }
  if (pressed === 'save') return save(ctx, kind, typed, body)
  const set = Number(typeof body.set === 'string' && /^[1-9]\d{0,8}$/.test(body.set) ? body.set : 0)
  if (pressed === 'load' && set) return load(ctx, kind, typed, set)
  if (pressed === 'delete' && set) {
    await deleteSet(ctx.db, kind, set, ctx.actor.id)
    return { criteria: typed, said: 'The saved set was deleted.' }
  }
  return { criteria: typed }
}

async function load(ctx: Context, kind: string, typed: CriteriaTyped, set: number): Promise<Step> {
  const criteria = await loadSet(ctx.db, kind, set)
  return criteria === undefined
    ? { criteria: typed, said: 'That set is not there any more.' }
    : { criteria: typedOf(criteria) }
}

async function save(ctx: Context, kind: string, typed: CriteriaTyped, body: Record<string, unknown>): Promise<Step> {
  const name = String(body['set-name'] ?? '')
    .normalize('NFC')
    .trim()
  if (name === '') return { criteria: typed, said: 'Give the set a name to save it under.' }
  if (name.length > NAME_MOST) return { criteria: typed, said: `A name has at most ${NAME_MOST} characters.` }
  const read = typed.kept === undefined ? criteriaOf(typed.lines) : ({ ok: true, criteria: typed.kept } as const)
  if (!read.ok) return { criteria: typed, error: { line: read.line, message: read.message } }
  await saveSet(ctx.db, { kind, name, criteria: read.criteria, by: ctx.actor.id })
  return { criteria: typed, said: `Saved as ${name}.` }
}
