import { sql } from 'drizzle-orm'
import type { Db } from '../db/db.ts'

/** How many rows travel in one JSON document. */
const CHUNK = 2000

interface TableRows {
  conflict: string[]
  replaces: boolean
  chunks: string[]
  open: string[]
}

/** JSON that goes on as it was written: parsed and written anew a number could lose its decimals. */
export class RawJson {
  readonly text: string

  constructor(text: string) {
    this.text = text
  }
}

function jsonOf(row: Record<string, unknown>): string {
  const fields = Object.entries(row).filter(([, value]) => value !== undefined)
  const parts = fields.map(
    ([name, value]) => `${JSON.stringify(name)}:${value instanceof RawJson ? value.text : JSON.stringify(value)}`,
  )
  return `{${parts.join(',')}}`
}

/** Rows on their way into set-up tables, kept as JSON text, which is small, and in the order their tables were first named. */
export class SetUpRows {
  readonly #tables = new Map<string, TableRows>()
  #line: number

  /** `firstLine`: rows of several collections are staged under one run, each behind its own line. */
  constructor(firstLine = 0) {
    this.#line = firstLine
  }

  /** `conflict`: the key by which a row may be there already. The ledger's own rows never are. */
  table(name: string, key: string[] = ['id'], replaces = false): void {
    const conflict = name.startsWith('ledger.') ? [] : key
    if (!this.#tables.has(name)) this.#tables.set(name, { conflict, replaces, chunks: [], open: [] })
  }

  add(name: string, row: Record<string, unknown>): void {
    this.table(name)
    const table = this.#tables.get(name) as TableRows
    table.open.push(jsonOf(row))
    if (table.open.length === CHUNK) close(table)
  }

  /** Writes the rows beside the run's other staged rows, one statement a chunk. Nothing of the town changes by it. */
  async stage(db: Db, runId: number): Promise<void> {
    for (const table of this.#tables.values()) {
      close(table)
      if (table.replaces && table.chunks.length === 0) table.chunks.push('[]')
    }
    await this.stageWhole(db, runId)
  }

  /** Writes the chunks that are full and keeps the rest. Without a database they are given up. */
  async stageWhole(db: Db | undefined, runId: number): Promise<void> {
    for (const [name, table] of this.#tables) {
      for (const chunk of table.chunks.splice(0)) {
        const how = JSON.stringify({ conflict: table.conflict, replaces: table.replaces })
        table.replaces = false
        this.#line += 1
        await db?.execute(sql`insert into ledger.staged_effect (run_id, line, kind, target, old, new, note)
          values (${runId}, ${this.#line}, 'set_up', 0, ${how}::jsonb, ${chunk}::jsonb, ${name})`)
      }
    }
  }
}

function close(table: TableRows): void {
  if (table.open.length === 0) return
  table.chunks.push(`[${table.open.join(',')}]`)
  table.open = []
}
