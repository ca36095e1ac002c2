import { code, column, dollars, flag, GL, oneOf, ref } from '../columns.ts'
import { name, whole } from '../kinds.ts'
import type { TownFile } from '../town-file.ts'

const KINDS = ['metered', 'flat', 'penalty', 'fee']

export const services: TownFile = {
  name: 'services.csv',
  table: 'public.service',
  key: ['code'],
  where: 't.id <> 0',
  columns: [
    code('code', { required: true }),
    column('name', name, { required: true }),
    oneOf('kind', KINDS, { empty: 'flat' }),
    flag('active', 'yes'),
    column('sort', whole(-999_999, 999_999), { empty: '0' }),
    flag('subject_to_certification', 'no'),
    column('certification_periods', whole(0, 120), { empty: '0' }),
    flag('subject_to_penalty', 'no'),
    ref('receivable_gl', GL, { into: 'receivable_gl' }),
    ref('revenue_gl', GL, { into: 'revenue_gl' }),
    flag('allow_new_billings', 'yes', { extra: true }),
    column('penalty_periods', whole(0, 120), { empty: '0', extra: true }),
    column('penalty_type', whole(0, 8), { empty: '0', extra: true }),
    flag('bill_final_disconnect', 'no', { extra: true }),
    code('default_rate', { extra: true }),
    code('default_frequency', { empty: 'monthly', extra: true }),
    column('default_multiplier', whole(0, 999_999_999), { empty: '1', extra: true }),
    flag('deposit_allowed', 'no', { extra: true }),
    dollars('default_deposit', { extra: true }),
    dollars('minimum_rate', { extra: true }),
    dollars('maximum_rate', { extra: true }),
    flag('units_base', 'no', { extra: true }),
  ],
  complete(row, picture) {
    for (const column of ['receivable_gl', 'revenue_gl']) {
      picture.places.set(`${column} ${row.cell('code')}`, { file: 'services.csv', line: row.line, column })
    }
    picture.services.set(row.cell('code'), {
      id: row.id,
      code: row.cell('code'),
      receivableGl: row.cell('receivable_gl') || null,
      revenueGl: row.cell('revenue_gl') || null,
    })
  },
}
