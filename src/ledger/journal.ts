import { once } from 'node:events'
import type { Writable } from 'node:stream'
import type { Sql } from 'postgres'
import type { Db } from '../db/db.ts'

interface Line {
  id: string
  day: string
  type: string
  description: string
  account: string
  amount: string
}

// hledger ends an account name at two spaces and a description at a semicolon.
const plain = (text: string) => text.replace(/[;|\s]+/g, ' ').trim()

/**
 * Writes the ledger as hledger text, ordered by date, then id: one journal transaction per transaction,
 * `YYYY-MM-DD (id) type | description`, postings `<type>:<number> <name>` with `$`.
 */
export async function writeJournal(db: Db, out: Writable): Promise<void> {
  const client = (db as Db & { $client: Sql }).$client
  let last = ''
  for await (const lines of client<Line[]>`
      select coalesce(t.number, t.id::text) as id, to_char(t.transaction_date, 'YYYY-MM-DD') as day, t.type, t.description,
        g.type || ':' || g.number || ' ' || g.name as account, sum(p.amount)::text as amount
      from ledger.transaction t join ledger.posting p on p.period = t.period and p.transaction_id = t.id
      join gl_account g on g.id = p.gl_account_id
      group by t.id, g.id, p.subledger, p.service_id, p.tax_year order by t.transaction_date, t.id, g.number, p.service_id`.cursor(
    2000,
  )) {
    let text = ''
    for (const line of lines) {
      if (line.id !== last)
        text += `${last === '' ? '' : '\n'}${line.day} (${line.id}) ${line.type} | ${plain(line.description)}\n`
      last = line.id
      text += `    ${plain(line.account)}    $${line.amount}\n`
    }
    if (!out.write(text)) await once(out, 'drain')
  }
}
