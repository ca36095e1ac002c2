import type { Db } from '../db/db.ts'
import { keepFile, type RunFile, readRunFile } from './files.ts'
import type { RunKind } from './kind.ts'
import type { RunRow } from './store.ts'

/** Files that a run was given begin so; they stay when it is prepared again (`ledger.prepare_again` knows it). */
const RECEIVED = 'received-'

export const isReceived = ({ name }: Pick<RunFile, 'name'>): boolean => name.startsWith(RECEIVED)

const nameOf = (kind: RunKind, options: unknown): string =>
  `${RECEIVED}${(kind.receives?.fileName(options) ?? '').replace(/[^\w.-]+/g, '_')}`

/** The options as the run keeps them: without the content of a file that it was given. */
export function withoutReceived({ receives }: RunKind, options: unknown): unknown {
  if (!receives) return options
  const { [receives.option]: _content, ...rest } = options as Record<string, unknown>
  return rest
}

/** Keeps the file that a run was given among the run's files. */
export async function keepReceived(
  db: Db,
  kind: RunKind,
  run: { id: number; actor: number },
  options: unknown,
): Promise<void> {
  if (!kind.receives) return
  const content = String((options as Record<string, unknown>)[kind.receives.option])
  await keepFile(db, {
    runId: run.id,
    name: nameOf(kind, options),
    mediaType: kind.receives.mediaType,
    bytes: Buffer.from(content),
    holdsPrivate: await kind.receives.holdsPrivate(db, content),
    actor: run.actor,
  })
}

/** The options as the kind takes them: with the content of the file that the run was given. */
export async function withReceived(db: Db, kind: RunKind, run: RunRow): Promise<unknown> {
  if (!kind.receives) return run.options
  const file = await readRunFile(db, run.id, nameOf(kind, run.options))
  return { ...(run.options as object), ...(file ? { [kind.receives.option]: file.content.toString('utf8') } : {}) }
}
