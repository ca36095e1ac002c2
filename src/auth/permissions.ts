/** What a role may do. The whole of it: no page decides by the name of a role. */
export const ROLES = ['administrator', 'supervisor', 'clerk', 'viewer', 'auditor'] as const
export type Role = (typeof ROLES)[number]

const VIEW = [
  'organization.view',
  'tables.view',
  'customers.view',
  'meters.view',
  'billing.view',
  'payments.view',
  'collections.view',
  'certification.view',
  'runs.view',
  'reports.view',
] as const

const COUNTER = [
  'customers.edit',
  'customers.personal',
  'notes.edit',
  'meters.edit',
  'billing.prepare',
  'payments.take',
  'payments.batch',
  'collections.prepare',
  'certification.prepare',
  'certification.payments',
  'api.use',
] as const

const SUPERVISION = [
  'customers.reveal',
  'documents.secure',
  'organization.edit',
  'tables.edit',
  'accounts.terms',
  'billing.post',
  'billing.reverse',
  'payments.reverse',
  'payments.transfer',
  'payments.refund',
  'transactions.adjust',
  'collections.post',
  'collections.reverse',
  'certification.post',
  'certification.reverse',
  'certification.repost',
  'certification.adjust',
  'periods.close',
  'tokens.manage',
] as const

const OVERSIGHT = ['proof.view', 'audit.view'] as const

const ADMINISTRATION = ['users.manage', 'town.import', 'private.view'] as const

export const PERMISSIONS = [...VIEW, ...COUNTER, ...SUPERVISION, ...OVERSIGHT, ...ADMINISTRATION] as const
export type Permission = (typeof PERMISSIONS)[number]

const TABLE: Record<Role, ReadonlySet<Permission>> = {
  administrator: new Set(PERMISSIONS),
  supervisor: new Set<Permission>([...VIEW, ...COUNTER, ...SUPERVISION, 'audit.view']),
  clerk: new Set<Permission>([...VIEW, ...COUNTER]),
  viewer: new Set<Permission>([...VIEW, 'api.use']),
  auditor: new Set<Permission>([...VIEW, ...OVERSIGHT, 'api.use']),
}

/** Whether a role may do something. Denied unless the table says so. */
export function may(role: Role, permission: Permission): boolean {
  return TABLE[role].has(permission)
}

export const isRole = (name: string): name is Role => (ROLES as readonly string[]).includes(name)
export const isPermission = (name: string): name is Permission => (PERMISSIONS as readonly string[]).includes(name)
