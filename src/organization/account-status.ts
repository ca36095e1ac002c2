import { accountStatus } from '../db/tables/organization.ts'
import { setupTable, usedBy } from '../tables/table.ts'
import { codeAndName } from './code-fields.ts'

/** Organization > Account Status: the town's own, beside Current and Shutoff, which are fixed [001]. */
export const accountStatuses = setupTable({
  table: accountStatus,
  name: 'account_status',
  path: '/organization/account-status',
  menu: 'Organization > Account Status',
  title: 'Account Status',
  singular: 'account status',
  plural: 'account statuses',
  file: 'account_statuses.csv',
  fields: codeAndName,
  code: 'code',
  columns: ['code', 'name'],
  lookup: ['code', 'name'],
  usage: [usedBy('account', 'account_status_id', 'account')],
  kept: (row) =>
    row.fixed === true
      ? { says: 'Current and Shutoff are fixed: they are neither changed nor deleted.', fields: ['code', 'name'] }
      : undefined,
})
