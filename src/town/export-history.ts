import { createWriteStream } from 'node:fs'
import { rm } from 'node:fs/promises'
import { once } from 'node:events'
import path from 'node:path'
import { finished } from 'node:stream/promises'
import type { TransactionSql } from 'postgres'
import type { GlSetting } from '../ledger/other-side.ts'
import { csvLine } from './csv.ts'
import { TRANSACTIONS, transactionColumns } from './files/transactions.ts'
import { type LedgerLine, makeEntryLines } from './history/entry-lines.ts'
import type { ServiceInfo } from './picture.ts'
import { RUN_NUMBER, utc } from './sql-out.ts'

// In posting order: ids are given as rows are staged, and a reversal is staged after what it reverses.
const QUERY = `
  select t.id::text as id, coalesce(t.number, t.id::text) as number, a.number as account, t.transaction_date::text as date, t.period::text as period,
    t.type, t.description, coalesce(o.number, o.id::text, '') as reverses, coalesce(t.due_date::text, '') as "dueDate",
    coalesce(t.method, '') as method, coalesce(t.reference, '') as reference, coalesce(t.receipt, '') as receipt,
    coalesce(${RUN_NUMBER('t')}, '') as run, coalesce(t.source_key, '') as source, coalesce(t.link, '') as link,
    coalesce(t.facts::text, '') as facts, ${utc('t.posted_at')} as "recordedAt",
    p.subledger as book, coalesce(s.code, '') as service, p.amount::text as amount, p.tax_year as "taxYear",
    case p.aging_period when 'infinity' then 'open' else coalesce(p.aging_period::text, '') end as "agesIn", g.number as gl, coalesce(d.number, '') as deposit
  from ledger.transaction t join ledger.posting p on p.period = t.period and p.transaction_id = t.id
  join public.gl_account g on g.id = p.gl_account_id join ledger.run run on run.id = t.run_id
  left join public.account a on a.id = t.account_id left join public.service s on s.id = p.service_id
  left join ledger.transaction o on o.id = t.reverses_id left join ledger.deposit d on d.id = p.deposit_id
  order by t.id, p.line`

const BLOCK = 5000

/** Writes transactions.csv, streamed. Answers how many lines it has. */
export async function exportHistory(reading: TransactionSql, folder: string): Promise<number> {
  const entryLines = makeEntryLines(await sides(reading))
  const file = path.join(folder, TRANSACTIONS)
  const out = createWriteStream(file)
  out.write(csvLine(transactionColumns.map((column) => column.name)))
  let count = 0
  let entry: LedgerLine[] = []
  const cut = (): string => {
    const lines = entryLines(entry)
    count += lines.length
    entry = []
    return lines.map(csvLine).join('')
  }
  for await (const block of reading.unsafe<LedgerLine[]>(QUERY).cursor(BLOCK)) {
    let text = ''
    for (const line of block) {
      if (entry[0] && entry[0].id !== line.id) text += cut()
      entry.push(line)
    }
    if (!out.write(text)) await once(out, 'drain')
  }
  if (entry.length > 0) out.write(cut())
  out.end()
  await finished(out)
  if (count === 0) await rm(file)
  return count
}

/** Services, methods and settings: what the other side of a line follows from. */
async function sides(reading: TransactionSql) {
  const services = await reading<(ServiceInfo & { code: string })[]>`
    select s.id, s.code, r.number as "receivableGl", v.number as "revenueGl" from public.service s
    left join public.gl_account r on r.id = s.receivable_gl left join public.gl_account v on v.id = s.revenue_gl where s.id <> 0`
  const methods = await reading<{ code: string; gl: string | null }[]>`
    select m.code, g.number as gl from public.payment_method m left join public.gl_account g on g.id = m.gl_id`
  const settings = await reading<{ name: GlSetting; value: string }[]>`
    select name, value from public.setting where name like '%\\_gl' and value <> ''`
  return {
    services: new Map(services.map((service) => [service.code, service])),
    methods: new Map(methods.map(({ code, gl }) => [code, gl])),
    settings: Object.fromEntries(settings.map(({ name, value }) => [name, value])) as Partial<Record<GlSetting, string>>,
  }
}
