import { z } from 'zod'

/** Version of the schema: number of migrations and the time stamp of the last one. */
export interface Schema {
  count: number
  last: string
}

/**
 * First section `H`: what the file is. Then for each table `T` (name, columns), its rows in PostgreSQL's COPY text as
 * `D`, and `E` (rows, SHA-256 of the text); then `S`, where each sequence goes on; then `Z`, the end.
 */
export const headSchema = z.object({
  product: z.literal('Clerkwell'),
  version: z.string(),
  schema: z.object({ count: z.number(), last: z.string() }),
  created: z.string(),
  /** The ledger proof as it was in the snapshot: invariant and number of faults. */
  checks: z.array(z.object({ name: z.string(), faults: z.number() })),
  tables: z.array(z.string()),
})
export type Head = z.infer<typeof headSchema>

export const tableSchema = z.object({ name: z.string(), columns: z.array(z.string()) })
export const tableEndSchema = z.object({ rows: z.number(), sha256: z.string() })
export const sequencesSchema = z.array(z.object({ name: z.string(), next: z.string() }))
export type Sequences = z.infer<typeof sequencesSchema>

export interface TableTotal {
  name: string
  rows: number
  sha256: string
}

/** What a backup holds. */
export interface Manifest extends Head {
  totals: TableTotal[]
  sequences: Sequences
}

export const rowsOf = ({ totals }: Pick<Manifest, 'totals'>): number => totals.reduce((all, { rows }) => all + rows, 0)

export const faultsOf = ({ checks }: Pick<Head, 'checks'>): string[] =>
  checks.filter((check) => check.faults > 0).map(({ name, faults }) => `${name}: ${faults}`)
