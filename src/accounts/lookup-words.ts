import { type SQL, sql } from 'drizzle-orm'
import { literal } from '../db/like.ts'

/** The words of what was said, at most eight, in small letters: blanks and commas part them. */
export const wordsOf = (said: string): string[] =>
  said
    .toLowerCase()
    .split(/[\s,]+/)
    .filter(Boolean)
    .slice(0, 8)

/** Condition: every word stands somewhere in the pieces of text. Town, state and zip count where `wide`. */
export function allIn(words: string[], pieces: SQL, town: SQL, wide: boolean): SQL {
  const text = sql`lower(concat_ws(' ', ${wide ? sql`${pieces}, ${town}` : pieces}))`
  // written out for each word: most rows are done with after the first
  const matches = words.map((word) => sql`${text} like ${`%${literal(word)}%`}`)
  return sql`(${sql.join(matches, sql` and `)})`
}

export const OF_CUSTOMER = sql`c.number, c.name, c.business_name, c.address_line_1, c.address_line_2, c.phone, c.alt_customer_id, c.email, more.lines`
export const TOWN_OF_CUSTOMER = sql`c.city, c.state, c.zip, more.towns`
export const OF_LOCATION = sql`n.number, n.service_address, n.parcel_number, n.alt_location_id, n.description, n.region, n.cross_street`
export const TOWN_OF_LOCATION = sql`n.city, n.state, n.zip`

/** A customer's further addresses, one row a customer; to be joined as `more`. */
export const FURTHER = sql`(select o.customer_id, string_agg(concat_ws(' ', o.address_line_1, o.address_line_2), ' ') as lines,
  string_agg(concat_ws(' ', o.city, o.state, o.zip), ' ') as towns from customer_address o group by o.customer_id) more on more.customer_id = c.id`

/** Condition: a phone number of the customer in `c` ends with the digits said; seven or more of them make one. */
export function phoneSaid(said: string): SQL {
  const digits = said.replace(/\D/g, '')
  if (digits.length < 7) return sql`false`
  const ends = (number: SQL) => sql`regexp_replace(${number}, '\\D', '', 'g') like ${`%${digits}`}`
  return sql`(${ends(sql`c.phone`)} or c.id in (select p.customer_id from customer_phone p where ${ends(sql`p.number`)}))`
}

/** Ids of the locations that have a meter of that whole number. */
export const atMeter = (whole: string): SQL => sql`(select m.location_id from meter m where lower(m.number) = ${whole})`

/** Condition, asked once for all rows: a word is part of a town, state or zip that is in use. */
export function townSaid(words: string[]): SQL {
  const said = (of: SQL) => {
    const text = sql`lower(concat_ws(' ', x.city, x.state, x.zip))`
    const parts = words.map((word) => sql`${text} like ${`%${literal(word)}%`}`)
    return sql`exists (select from ${of} x where ${sql.join(parts, sql` or `)})`
  }
  return sql`(${said(sql`location`)} or ${said(sql`customer`)} or ${said(sql`customer_address`)})`
}
