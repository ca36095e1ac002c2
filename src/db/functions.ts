import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import type { Sql } from 'postgres'

const FOLDER = path.join(import.meta.dirname, '../../drizzle/functions')

/**
 * Puts the functions, triggers and views of drizzle/functions in place, one object a file, all in one transaction.
 * They are replaced rather than migrated, so that each stands in one file with its history. Files run in name order;
 * bodies are checked late, so the order does not matter to functions. Skipped when nothing changed.
 */
export async function applyFunctions(client: Sql): Promise<void> {
  const files = readdirSync(FOLDER)
    .filter((name) => name.endsWith('.sql'))
    .sort()
    .map((name) => readFileSync(path.join(FOLDER, name), 'utf8'))
  const mark = `functions ${createHash('sha256').update(files.join('\n')).digest('hex')}`
  const [schema] = await client`select obj_description('ledger'::regnamespace, 'pg_namespace') as mark`
  if (schema?.mark === mark) return
  await client.unsafe(
    ['begin; set local check_function_bodies = off', ...files, `comment on schema ledger is '${mark}'; commit`].join(
      ';\n',
    ),
  )
}
