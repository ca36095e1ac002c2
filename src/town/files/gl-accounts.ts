import { code, column, oneOf } from '../columns.ts'
import { name } from '../kinds.ts'
import type { TownFile } from '../town-file.ts'

const TYPES = ['asset', 'liability', 'revenue', 'expense', 'equity']

export const glAccounts: TownFile = {
  name: 'gl_accounts.csv',
  table: 'public.gl_account',
  key: ['number'],
  columns: [
    code('number', { required: true }),
    column('name', name, { required: true }),
    oneOf('type', TYPES, { required: true }),
  ],
  complete(row, picture) {
    picture.gl.set(row.cell('number'), { id: row.id, type: row.cell('type') })
  },
}
