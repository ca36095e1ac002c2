import { type SQL, sql } from 'drizzle-orm'
import { personTabs } from '../panel/person.ts'
import { defineForm, field } from '../web/form.ts'
import { checkboxInput, optionalText } from '../web/inputs.ts'
import { takesPart } from './rules.ts'

/** A charge as a customer's tab lists it. */
export interface Offered {
  id: number
  code: string
  name: string
  signup: 'opt_in' | 'opt_out'
  trigger: 'overpayment' | 'payment'
  /** What was chosen for this customer; null = nothing yet, the Signup Type decides. */
  chosen: boolean | null
  version: number | null
  participation: number | null
}

/** Json of the charges in use, in their Apply Order, with what the customer with this id chose. */
export const offeredTo = (who: SQL): SQL =>
  sql`(select coalesce(json_agg(json_build_object('id', d.id, 'code', d.code, 'name', d.name, 'signup', d.signup, 'trigger', d.trigger,
      'chosen', p.takes_part, 'version', p.version, 'participation', p.id) order by d.sort, d.code), '[]')
    from deferred_charge d left join deferred_participation p on p.deferred_charge_id = d.id and p.customer_id = ${who}
    where d.active)`

/** One box a charge, named by its id; `seen` is what the boxes were when they were shown. */
export const participationForm = (offered: readonly Offered[]) =>
  defineForm({
    ...Object.fromEntries(
      offered.map(({ id, code, name }) => [
        `c${id}`,
        field(checkboxInput(), { label: `${code} ${name}`, input: 'checkbox' }),
      ]),
    ),
    seen: field(optionalText(20_000), { label: '', input: 'hidden' }),
  })

export const ticks = (offered: readonly Offered[]): Record<string, boolean> =>
  Object.fromEntries(offered.map(({ id, signup, chosen }) => [`c${id}`, takesPart(signup, chosen)]))

/** Customer and Owner > Deferred Charges: which of them the customer takes part in [001-207]. */
export const deferredChargesTab = personTabs<Offered[]>({
  path: 'deferred-charges',
  label: 'Deferred Charges',
  need: 'customers.view',
  template: 'deferred-charges/tab',
  sql: (who) => offeredTo(who),
  present: (offered, { asked }) => {
    const edit = asked.may('customers.edit') && asked.asOf === undefined
    const boxes = ticks(offered)
    const form = participationForm(offered)
    const readonly = edit ? [] : 'all'
    return {
      ownSave: true,
      offered,
      participation: form.show({ ...boxes, seen: JSON.stringify(boxes) }, {}, { readonly }),
    }
  },
  shown: ({ marks }) => marks.deferredCharges,
  count: (who) => sql`select count(*) from deferred_charge d left join deferred_participation p
    on p.deferred_charge_id = d.id and p.customer_id = ${who} where d.active and coalesce(p.takes_part, d.signup = 'opt_out')`,
})
