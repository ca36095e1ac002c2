import { type SQL, sql } from 'drizzle-orm'

/** A column with sealed values. What stands here is re-sealed when keys change and is looked at before the server starts. */
export interface SealedColumn {
  table: string
  column: string
  /** The table's key column. */
  key: string
  /** First and last part of the value's place; the owner's own number is read with `owner`, where the row is called `t`. */
  kind: string
  field: string
  owner: SQL
  /** The table carries `version` and `changed_by`. */
  audited?: boolean
}

const ofPerson = (table: 'customer' | 'contact', field: 'ssn' | 'licence'): SealedColumn => ({
  table,
  column: `${field}_sealed`,
  key: 'id',
  kind: table,
  field,
  owner: sql`t.number`,
  audited: true,
})

const ofAutoPayment = (field: 'bank_account' | 'token'): SealedColumn => ({
  table: 'auto_payment',
  column: `${field}_sealed`,
  key: 'id',
  kind: 'auto_payment',
  field,
  owner: sql`t.reference`,
  audited: true,
})

export const SEALED: readonly SealedColumn[] = [
  {
    table: 'second_factor',
    column: 'seed_sealed',
    key: 'user_id',
    kind: 'user',
    field: 'totp',
    owner: sql`(select u.name from app_user u where u.id = t.user_id)`,
  },
  ofPerson('customer', 'ssn'),
  ofPerson('customer', 'licence'),
  ofPerson('contact', 'ssn'),
  ofPerson('contact', 'licence'),
  ofAutoPayment('bank_account'),
  ofAutoPayment('token'),
]
