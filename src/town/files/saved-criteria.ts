import { column, json } from '../columns.ts'
import { name } from '../kinds.ts'
import type { TownFile } from '../town-file.ts'

/** Saved selection criteria of the routines. */
export const savedCriteria: TownFile = {
  name: 'saved_criteria.csv',
  table: 'public.saved_criteria',
  key: ['kind', 'name'],
  columns: [
    column('kind', name, { required: true }),
    column('name', name, { required: true }),
    json('criteria', { required: true }),
  ],
}
