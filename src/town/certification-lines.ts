import type { Row } from './certifications.ts'
import { centsText } from './history/entry.ts'
import type { Picture } from './picture.ts'

interface Bucket {
  row: Row
  certified: bigint
  paid_before: bigint
  withdrawn: bigint
}

/** One line a service and bucket; what is neither posted, paid nor withdrawn keeps its claim on the bucket. */
export function addLines(
  id: number,
  account: number,
  rows: Row[],
  claiming: boolean,
  claims: Map<string, string>,
  picture: Picture,
): void {
  picture.rows.table('ledger.certification_line')
  picture.rows.table('ledger.certification_claim')
  for (const { row, certified, paid_before, withdrawn } of bucketsOf(rows).values()) {
    const serviceId = picture.services.get(row.cell('service'))?.id
    const bucket = { service_id: serviceId, aging_period: row.cell('ages_in') }
    picture.rows.add('ledger.certification_line', {
      certification_id: id,
      ...bucket,
      certified: centsText(certified),
      paid_before: centsText(paid_before),
      withdrawn: centsText(withdrawn),
    })
    if (!claiming || certified === paid_before + withdrawn) continue
    const key = `${account}/${serviceId}/${row.cell('ages_in')}`
    const holder = claims.get(key)
    if (holder !== undefined) row.refuse('ages_in', `certification ${holder} holds this bucket and is not updated yet`)
    claims.set(key, row.cell('certification'))
    picture.rows.add('ledger.certification_claim', { account_id: account, ...bucket, certification_id: id })
  }
}

function bucketsOf(rows: Row[]): Map<string, Bucket> {
  const buckets = new Map<string, Bucket>()
  const seen = new Set<string>()
  for (const row of rows) {
    const key = `${row.cell('service')}/${row.cell('ages_in')}`
    const status = row.cell('status')
    if (seen.has(`${key}/${status}`)) row.refuse('ages_in', 'the service, bucket and status stand twice')
    seen.add(`${key}/${status}`)
    const bucket = buckets.get(key) ?? { row, certified: 0n, paid_before: 0n, withdrawn: 0n }
    bucket.certified += row.cents('amount')
    if (status === 'paid_before' || status === 'withdrawn') bucket[status] += row.cents('amount')
    buckets.set(key, bucket)
  }
  return buckets
}
