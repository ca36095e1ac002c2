import { type SQL, sql } from 'drizzle-orm'

const address = (of: SQL): SQL =>
  sql`'careOf', ${of}.care_of, 'addressLine1', ${of}.address_line_1, 'addressLine2', ${of}.address_line_2,
    'city', ${of}.city, 'state', ${of}.state, 'zip', ${of}.zip, 'country', ${of}.country`

/**
 * Json of the addresses that a customer's mail may go to, for `mailingAddressOn`: the primary one of the row `c`, and
 * those with a season. `c` is the name of a row of `customer` in the statement around it.
 */
export const mailingAddresses = (c: SQL): SQL =>
  sql`(select jsonb_build_array(jsonb_build_object('primary', true, ${address(c)}))
    || coalesce(jsonb_agg(jsonb_build_object('primary', false, 'mailFrom', d.mail_from, 'mailTo', d.mail_to, ${address(sql`d`)}) order by d.id), '[]')
    from customer_address d where d.customer_id = ${c}.id and d.mail_from is not null)`
