import { sql } from 'drizzle-orm'
import type { Db } from '../db/db.ts'

/** How many rows travel in one JSON document. */
const CHUNK = 2000

interface TableRows {
  conflict: string[]
  replaces: boolean
  chunks: string[]
  open: string[]
  count: number
}

/** Rows on their way into set-up tables, kept as JSON text, which is small, and in the order their tables were first named. */
export class SetUpRows {
  readonly tables = new Map<string, TableRows>()

  /** `conflict`: the key by which a row may be there already. The ledger's own rows never are. */
  table(name: string, key: string[] = ['id'], replaces = false): void {
    const conflict = name.startsWith('ledger.') ? [] : key
    if (!this.tables.has(name)) this.tables.set(name, { conflict, replaces, chunks: [], open: [], count: 0 })
  }

  add(name: string, row: Record<string, unknown>): void {
    this.table(name)
    const table = this.tables.get(name) as TableRows
    table.open.push(JSON.stringify(row))
    table.count += 1
    if (table.open.length === CHUNK) close(table)
  }

  /** Writes the rows beside the run's other staged rows, one statement a chunk. Nothing of the town changes by it. */
  async stage(db: Db, runId: number): Promise<void> {
    let line = 0
    for (const [name, table] of this.tables) {
      close(table)
      let replaces = table.replaces
      const chunks = table.chunks.length === 0 && table.replaces ? ['[]'] : table.chunks
      for (const chunk of chunks) {
        line += 1
        const how = JSON.stringify({ conflict: table.conflict, replaces })
        replaces = false
        await db.execute(sql`insert into ledger.staged_effect (run_id, line, kind, target, old, new, note)
          values (${runId}, ${line}, 'set_up', 0, ${how}::jsonb, ${chunk}::jsonb, ${name})`)
      }
    }
  }
}

function close(table: TableRows): void {
  if (table.open.length === 0) return
  table.chunks.push(`[${table.open.join(',')}]`)
  table.open = []
}
