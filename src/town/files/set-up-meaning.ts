import type { TownFile } from '../town-file.ts'

type Meaning = NonNullable<TownFile['complete']>

/** What the ledger's lines are read against. */
const glAccount: Meaning = (row, picture) => {
  picture.gl.set(row.cell('number'), { id: row.id, type: row.cell('type') })
}

const service: Meaning = (row, picture) => {
  for (const column of ['receivable_gl', 'revenue_gl']) {
    picture.places.set(`${column} ${row.cell('code')}`, { file: 'services.csv', line: row.line, column })
  }
  picture.services.set(row.cell('code'), {
    id: row.id,
    code: row.cell('code'),
    receivableGl: row.cell('receivable_gl') || null,
    revenueGl: row.cell('revenue_gl') || null,
  })
}

const paymentMethod: Meaning = (row, picture) => {
  picture.methods.set(row.cell('code'), row.cell('gl') || null)
  picture.places.set(`method ${row.cell('code')}`, { file: 'payment_methods.csv', line: row.line, column: 'gl' })
}

/** Current and Shutoff are fixed rows: a file may repeat them, and they stay as they are [001]. */
const accountStatus: Meaning = (row) => {
  const fixed: Record<string, string> = { CURRENT: 'Current', SHUTOFF: 'Shutoff' }
  row.values.name = fixed[row.cell('code')] ?? row.cell('name')
}

/** What a row of a set-up table means to the import beyond its own columns, by table. */
export const MEANING: Record<string, Meaning> = {
  gl_account: glAccount,
  service,
  payment_method: paymentMethod,
  account_status: accountStatus,
}
