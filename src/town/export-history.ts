import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import { rm } from 'node:fs/promises'
import path from 'node:path'
import { finished } from 'node:stream/promises'
import type { TransactionSql } from 'postgres'
import type { GlSetting } from '../ledger/other-side.ts'
import type { Column } from './columns.ts'
import { csvLine } from './csv.ts'
import { OPEN, TRANSACTIONS, transactionColumns } from './files/transactions.ts'
import { type Header, type LedgerPosting, makeEntryLines } from './history/entry-lines.ts'
import type { ServiceInfo } from './picture.ts'
import { RUN_NUMBER, utc } from './sql-out.ts'

// In posting order: ids are given as rows are staged, and a reversal is staged after what it reverses.
const QUERY = `
  select coalesce(t.number, t.id::text) as number, coalesce(a.number, '') as account, t.transaction_date::text as date, t.period::text as period,
    t.type, t.description, coalesce(o.number, o.id::text, '') as reverses, coalesce(t.due_date::text, '') as "dueDate",
    coalesce(t.method, '') as method, coalesce(t.reference, '') as reference, coalesce(t.receipt, '') as receipt,
    coalesce(${RUN_NUMBER('t')}, '') as run, coalesce(t.source_key, '') as source, coalesce(t.link, '') as link,
    coalesce(t.facts::text, '') as facts, ${utc('t.posted_at')} as "recordedAt",
    coalesce(t.recorded_by, case when run.kind <> 'town.import' and run.import_run_id is null then (select u.name from public.app_user u where u.id = t.posted_by) end, '')
      as "recordedBy",
    (select json_agg(json_build_array(p.subledger, p.service_id, p.amount::text, p.tax_year, p.aging_period, p.gl_account_id, p.deposit_id) order by p.line)::text
      from ledger.posting p where p.period = t.period and p.transaction_id = t.id) as postings
  from ledger.transaction t join ledger.run run on run.id = t.run_id
  left join public.account a on a.id = t.account_id left join ledger.transaction o on o.id = t.reverses_id
  order by t.id`

const BLOCK = 1000

type Row = Header & { postings: string }

/** Writes transactions.csv, streamed. Answers how many lines it has. */
export async function exportHistory(reading: TransactionSql, folder: string): Promise<number> {
  const columns = await columnsOf(reading)
  const entryLines = makeEntryLines(await sides(reading), columns)
  const toPosting = await postingReader(reading)
  const file = path.join(folder, TRANSACTIONS)
  const out = createWriteStream(file)
  out.write(csvLine(columns.map((column) => column.name)))
  let count = 0
  for await (const block of reading.unsafe<Row[]>(QUERY).cursor(BLOCK)) {
    let text = ''
    for (const { postings, ...header } of block) {
      for (const line of entryLines(header, (JSON.parse(postings) as RawPosting[]).map(toPosting))) {
        text += csvLine(line)
        count += 1
      }
    }
    if (!out.write(text)) await once(out, 'drain')
  }
  out.end()
  await finished(out)
  if (count === 0) await rm(file)
  return count
}

/** Who recorded a transaction is known where this town posted it, or the folder said so. */
async function columnsOf(reading: TransactionSql): Promise<Column[]> {
  const [known] = await reading<{ byName: boolean }[]>`
    select exists (select from ledger.transaction where recorded_by is not null) or exists (select from ledger.run
      where kind <> 'town.import' and import_run_id is null and state = 'posted' and transaction_count > 0) as "byName"`
  return transactionColumns.filter(({ extra }) => !extra || known?.byName)
}

type RawPosting = [
  book: LedgerPosting['book'],
  service: number | null,
  amount: string,
  taxYear: number | null,
  aging: string | null,
  gl: number,
  deposit: number | null,
]

/** Ids in postings become the town's codes and numbers. */
async function postingReader(reading: TransactionSql): Promise<(raw: RawPosting) => LedgerPosting> {
  const names = async (query: string) =>
    new Map((await reading.unsafe<{ id: number; name: string }[]>(query)).map(({ id, name }) => [id, name]))
  const services = await names('select id, code as name from public.service')
  const gl = await names('select id, number as name from public.gl_account')
  const deposits = await names('select id, number as name from ledger.deposit')
  return ([book, service, amount, taxYear, aging, glId, deposit]) => ({
    book,
    service: services.get(service ?? 0) ?? '',
    amount,
    taxYear,
    agesIn: aging === 'infinity' ? OPEN : (aging ?? ''),
    gl: gl.get(glId) ?? '',
    deposit: deposits.get(deposit ?? 0) ?? '',
  })
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
    settings: Object.fromEntries(settings.map(({ name, value }) => [name, value])) as Partial<
      Record<GlSetting, string>
    >,
  }
}
