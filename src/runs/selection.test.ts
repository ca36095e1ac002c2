import { sql } from 'drizzle-orm'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Db, rows } from '../db/db.ts'
import { freshTown, type TestTown } from '../testing/database.ts'
import { posted, smallTown, transaction } from '../testing/small-town.ts'
import { ACCOUNT_FIELDS, type CriteriaField, OPERATORS_OF } from './criteria-field-rules.ts'
import { type AccountFacts, matches } from './criteria-match-rules.ts'
import { parseCriteria } from './criteria-rules.ts'
import { selectAccounts } from './selection.ts'

const TODAY = '2026-04-20'
let town: TestTown
let db: Db
let facts: (AccountFacts & { id: number })[]

// What the SQL reads, read plainly.
const FACTS = sql`select a.id, a.number as "accountNumber", c.number as "customerNumber", c.name as "customerName", t.code as "customerType",
  k.code as "collectionCode", a.activity_status as "activityStatus", s.code as "accountStatus", y.code as "cycle", r.code as "route",
  v.code as "revenueClass", n.parcel_number as "parcelNumber", coalesce((select sum(unpaid) from ledger.open_item o where o.account_id = a.id), 0)::text as balance,
  coalesce((select sum(unpaid) from ledger.open_bucket o where o.account_id = a.id and o.due_date < ${TODAY}::date), 0)::text as "pastDue",
  c.bankrupt, n.city, n.zip, n.rental, n.description as "locationDescription", n.region, n.alt_location_id as "altLocationId", n.cross_street as "crossStreet"
  from account a join customer c on c.id = a.customer_id join location n on n.id = a.location_id left join customer_type t on t.id = c.customer_type_id
  left join collection_code k on k.id = c.collection_code_id join account_status s on s.id = a.account_status_id left join cycle y on y.id = n.cycle_id
  left join route r on r.id = n.route_id left join revenue_class v on v.id = n.revenue_class_id`

beforeAll(async () => {
  town = await freshTown()
  db = town.db
  await smallTown(db, 12)
  await db.execute(sql`insert into customer_type (code, name) values ('RES', 'Residential'), ('07', 'Odd')`)
  await db.execute(sql`insert into cycle (code, name) values ('1', 'One'), ('01', 'Zero one')`)
  await db.execute(sql`update customer set name = 'Per%cent_' || number, bankrupt = id % 3 = 0, city = 'x',
    customer_type_id = (select min(id) from customer_type) + id % 2 where id % 4 <> 0`)
  await db.execute(sql`update location set cycle_id = (select min(id) from cycle) + id % 2, city = case id % 3 when 0 then 'Ashford' when 1 then 'ash' end,
    parcel_number = case when id % 5 <> 0 then '22.' || id end where id % 6 <> 0`)
  for (const n of [1, 2, 3, 10]) {
    const bill = await transaction(db, { account: `${n}.01`, date: '2026-01-31' }, [
      ['WA', '2026-01-31', `${n * 10}.50`],
    ])
    await posted(db, `${n}.01`, [bill])
  }
  facts = await rows(db, FACTS)
})
afterAll(() => town.drop())

const value = (field: CriteriaField) => {
  const known = facts.map((each) => each[field.name]).filter((each) => each !== null)
  if (field.type === 'boolean') return fc.boolean()
  if (field.type === 'money') return fc.constantFrom('0.00', '10.50', '20.50', '-5.00', '105.00')
  const texts = known.map(String).filter((each) => each !== '')
  return fc.constantFrom(
    ...texts,
    ...texts.map((each) => each.toUpperCase()),
    ...texts.map((each) => each.slice(0, 2)),
    '7',
    '%',
    '_',
    '\\',
    "'; drop",
    '1',
  )
}

const clause = () =>
  fc.constantFrom(...ACCOUNT_FIELDS).chain((field) =>
    fc.constantFrom(...OPERATORS_OF[field.type]).chain((operator) => {
      const one = value(field) as fc.Arbitrary<unknown>
      const given =
        operator === 'isBlank'
          ? fc.constant(true)
          : operator === 'in'
            ? fc.array(one, { minLength: 1, maxLength: 3 })
            : operator === 'between'
              ? fc.tuple(one, one)
              : one
      return given.map((chosen) => ({ field: field.name, operator, value: chosen }))
    }),
  )

it('S-24: SQL and the pure rule choose the same accounts, whatever is asked', async () => {
  const group = fc.record({
    all: fc.array(fc.oneof(clause(), fc.record({ any: fc.array(clause(), { minLength: 1, maxLength: 3 }) })), {
      minLength: 1,
      maxLength: 4,
    }),
  })
  await fc.assert(
    fc.asyncProperty(group, async (asked) => {
      const parsed = parseCriteria(asked, ACCOUNT_FIELDS)
      if (!parsed.ok) throw new Error(JSON.stringify(parsed))
      const { accountIds, outside } = await selectAccounts(db, parsed.value, TODAY)
      const wanted = facts.filter((each) => matches(parsed.value, each)).map((each) => each.id)
      expect([...(accountIds ?? [])].sort((a, b) => a - b)).toEqual(wanted.sort((a, b) => a - b))
      expect(outside).toBe(facts.length - wanted.length)
    }),
    { numRuns: 300 },
  )
})

it('takes everyone where nothing is asked', async () => {
  expect(await selectAccounts(db, undefined, TODAY)).toEqual({ accountIds: undefined, outside: 0 })
})

it('001-083: Bankrupt leaves its accounts out of a routine', async () => {
  const parsed = parseCriteria({ all: [{ field: 'bankrupt', operator: '=', value: false }] }, ACCOUNT_FIELDS)
  const selected = parsed.ok ? await selectAccounts(db, parsed.value, TODAY) : undefined
  const bankrupt = facts.filter((each) => each.bankrupt === true)
  expect(bankrupt.length).toBeGreaterThan(0)
  expect(selected?.outside).toBe(bankrupt.length)
})

it('001-294: the Details of a location limit a routine', async () => {
  await db.execute(sql`update location set region = 'Northside', description = 'Duplex', cross_street = 'Main', alt_location_id = 'OLD', rental = true
    where id = (select location_id from account order by id limit 1)`)
  const fields = [
    'region',
    'locationDescription',
    'crossStreet',
    'altLocationId',
    'cycle',
    'route',
    'revenueClass',
    'parcelNumber',
    'rental',
  ]
  expect(ACCOUNT_FIELDS.map(({ name }) => name)).toEqual(expect.arrayContaining(fields))
  for (const [field, value] of [
    ['region', 'northside'],
    ['locationDescription', 'DUPLEX'],
    ['rental', true],
  ] as const) {
    const parsed = parseCriteria({ all: [{ field, operator: '=', value }] }, ACCOUNT_FIELDS)
    const selected = parsed.ok ? await selectAccounts(db, parsed.value, TODAY) : undefined
    expect([field, selected?.accountIds?.length]).toEqual([field, 1])
  }
})
