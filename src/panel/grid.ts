/** What a grid's search row asks: a column, what to find in it, and whether only active rows are shown. */
export interface GridQuery {
  by: string
  find: string
  all: boolean
}

export interface GridColumn {
  name: string
  label: string
}

/** The search of a grid out of the address: `?by=code&find=sen&all=on`. Only active rows unless `all` is ticked. */
export function gridQuery(query: Record<string, string>, columns: readonly GridColumn[]): GridQuery {
  const by = columns.some(({ name }) => name === query.by) ? (query.by ?? '') : (columns[0]?.name ?? '')
  return { by, find: (query.find ?? '').normalize('NFC').trim().slice(0, 100), all: query.all === 'on' }
}

/** Rows whose column holds what is looked for, without regard to case; a day as it is shown. */
export function searched<Row extends { active: boolean }>(
  rows: readonly Row[],
  { by, find, all }: GridQuery,
  shown: (row: Row, column: string) => string,
): Row[] {
  const wanted = find.toLowerCase()
  return rows.filter((row) => (all || row.active) && shown(row, by).toLowerCase().includes(wanted))
}
