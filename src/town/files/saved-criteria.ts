import { column } from '../columns.ts'
import { json, name } from '../kinds.ts'
import type { TownFile } from '../town-file.ts'

/** Saved selection criteria of the routines. */
export const savedCriteria: TownFile = {
  name: 'saved_criteria.csv',
  table: 'public.saved_criteria',
  key: ['kind', 'name'],
  columns: [
    column('kind', name, { required: true }),
    column('name', name, { required: true }),
    column('criteria', json, { required: true }),
  ],
  complete(row) {
    row.values.criteria = JSON.parse(row.cell('criteria'))
  },
}
