import { route } from '../db/tables/organization.ts'
import { setupTable, usedBy } from '../tables/table.ts'
import { codeAndName } from './code-fields.ts'

/** Organization > Routes: the order in which meters are read. */
export const routes = setupTable({
  table: route,
  name: 'route',
  path: '/organization/routes',
  menu: 'Organization > Routes',
  title: 'Routes',
  singular: 'route',
  plural: 'routes',
  file: 'routes.csv',
  fields: codeAndName,
  code: 'code',
  columns: ['code', 'name'],
  lookup: ['code', 'name'],
  usage: [usedBy('location', 'route_id', 'location')],
})
