import { sql } from 'drizzle-orm'
import { ofAccount } from '../accounts/of-account.ts'
import { one, rows } from '../db/db.ts'
import { demographicVariance } from '../db/tables/terms.ts'
import { Refused } from '../errors.ts'
import { ofPlace } from '../panel/level.ts'
import { type Found, recordFrame, type Typed } from '../panel/records.ts'
import { field } from '../web/form.ts'
import { codeInput, dateInput, decimalInput, optional, optionalText, textInput } from '../web/inputs.ts'

const number = (label: string, hint: string) => field(decimalInput({ min: '-9999999999' }), { label, size: 'sm', hint })

const FIELDS = {
  demographicId: field(codeInput(), { label: 'Demographic item', input: 'select' }),
  variance: field(textInput(), { label: 'Variance', hint: 'Its kind or reason.' }),
  amount: number('Amount', 'Added to the Effective Value as it is.'),
  value: number('Value', 'How many more or fewer; multiplied by the value of one.'),
  effectiveDate: field(dateInput(), { label: 'Effective Date', input: 'date', hint: 'The first day.' }),
  expirationDate: field(optional(dateInput()), {
    label: 'Expiration date',
    input: 'date',
    hint: 'The last day it counts.',
  }),
  reference: field(optionalText(), { label: 'Reference' }),
}

/** What changes an item's Effective Value for a time [001-422]. */
export const variances = recordFrame({
  tab: 'demographic-variances',
  back: 'demographics',
  noun: 'variance',
  need: 'customers.edit',
  table: demographicVariance,
  fields: FIELDS,
  list: sql`(select coalesce(json_agg(json_build_object('id', x.id, 'demographicId', x.demographic_id, 'variance', x.variance, 'amount', trim_scale(x.amount)::text,
      'value', trim_scale(x.value)::text, 'effectiveDate', x.effective_date, 'expirationDate', x.expiration_date, 'reference', x.reference) order by x.id), '[]')
    from demographic_variance x join demographic o on o.id = x.demographic_id where ${ofAccount})`,
  options: async ({ db }, place) => ({
    options: {
      demographicId: await rows<{ value: string; label: string }>(
        db,
        sql`select o.id::text as value, k.code || ' ' || k.name as label from demographic o join demographic_item k on k.id = o.demographic_item_id
          where ${ofPlace(place)} order by k.code, o.id`,
      ),
    },
  }),
  initial: ({ today }, _place, { of }) => ({ demographicId: of, amount: '0', value: '0', effectiveDate: today }),
  find: ({ db }, place, id) =>
    one<Found>(
      db,
      sql`select x.id, x.version, x.variance as name, json_build_object('demographicId', x.demographic_id, 'variance', x.variance,
          'amount', trim_scale(x.amount)::text, 'value', trim_scale(x.value)::text, 'effectiveDate', x.effective_date,
          'expirationDate', x.expiration_date, 'reference', x.reference) as values, json_build_array('demographicId') as fixed
        from demographic_variance x join demographic o on o.id = x.demographic_id where x.id = ${id} and ${ofPlace(place)}`,
    ),
  row: (_ctx, _place, { demographicId, amount, value, expirationDate, reference, ...typed }: Typed<typeof FIELDS>) => {
    if (expirationDate !== undefined && expirationDate < typed.effectiveDate) {
      const sentence = 'The Expiration date is before the Effective Date.'
      throw new Refused('dates', sentence, { expirationDate: sentence })
    }
    const numbers = { amount: amount.toFixed(), value: value.toFixed() }
    return {
      ...typed,
      ...numbers,
      demographicId: Number(demographicId),
      expirationDate: expirationDate ?? null,
      reference: reference || null,
    }
  },
})
