import { sql } from 'drizzle-orm'
import { one } from '../db/db.ts'
import { customer } from '../db/tables/customers.ts'
import { NotFound, Refused } from '../errors.ts'
import { fieldKeys } from '../secrets/keys.ts'
import { typedSecret } from '../secrets/rules.ts'
import { moveSealed, openField, placeOf, Unreadable } from '../secrets/seal.ts'
import { sealedColumns } from '../secrets/typed.ts'
import type { Context } from '../web/context.ts'
import { isBirthDate } from './personal-rules.ts'
import { masksOf, type Personal, type PersonalData, personalFacts } from './personal-tab.ts'
import { type At, changeRow } from './rows.ts'

export const SECRETS = ['licence', 'ssn'] as const
export type Secret = (typeof SECRETS)[number]

type Who = Pick<Context, 'db' | 'actor' | 'today'>

/** Of the protected numbers no more than their last four. */
export async function readPersonal({ db }: Pick<Context, 'db'>, id: number): Promise<Personal> {
  const found = await one<{ personal: Personal | null }>(db, sql`select ${personalFacts(sql`${id}`)} as personal`)
  if (!found?.personal) throw new NotFound('customer')
  return found.personal
}

/**
 * Saves personal information of a customer that is still at the version seen. A protected number is sealed for the
 * customer's own number; one left empty keeps what is stored. Refuses a date of birth that cannot be, a license number
 * without the state that issued it, and a number where this server has no key file.
 */
export async function savePersonal(
  who: Who,
  person: { id: number; number: string },
  seen: At,
  data: PersonalData,
): Promise<void> {
  if (data.birthDate !== undefined && !isBirthDate(data.birthDate, who.today)) {
    const sentence = 'Nobody is born on that day: write the date of birth.'
    throw new Refused('birth_date', sentence, { birthDate: sentence })
  }
  const before = await readPersonal(who, person.id)
  const masks = masksOf(before)
  const sealed = SECRETS.map((field) =>
    sealedColumns(placeOf('customer', person.number, field), field, typedSecret(data[field], masks[field])),
  )
  const values = { birthDate: data.birthDate ?? null, licenceState: data.licenceState ?? null }
  await who.db.transaction(async (tx) => {
    await changeRow(tx, customer, seen, Object.assign(values, ...sealed), who.actor.id, {})
    // whoever saw an older version is told so first: the state may be what somebody else has just added
    refuseNoState(before, data)
  })
}

/** A license number that came without its state before, as from a town folder, holds no other change back. */
function refuseNoState(before: Personal, data: PersonalData): void {
  if (data.licenceState !== undefined) return
  const masked = masksOf(before).licence
  const typed = typedSecret(data.licence, masked)
  if (typed === null || (typed === undefined && (masked === '' || before.licenceState === null))) return
  const sentence = "Choose the state that issued the driver's license."
  throw new Refused('licence_state', sentence, { licenceState: sentence })
}

/** The number itself. The caller has written down who looks at it. */
export async function openPersonal(
  { db }: Pick<Context, 'db'>,
  person: { id: number; number: string },
  field: Secret,
): Promise<string> {
  const sealed = (await sealedOf({ db }, person.id))[field]
  if (sealed === null) throw new NotFound('value')
  return openField(fieldKeys(), placeOf('customer', person.number, field), sealed)
}

/** The protected columns of a customer who gets another number: sealed anew for it, or nothing where there are none. */
export async function movedSecrets(who: Pick<Context, 'db'>, id: number, from: string, to: string): Promise<object> {
  const sealed = await sealedOf(who, id)
  const move = (field: Secret) => {
    const value = sealed[field]
    if (value === null) return {}
    const moved = moveSealed(fieldKeys(), placeOf('customer', from, field), placeOf('customer', to, field), value)
    return field === 'ssn' ? { ssnSealed: moved } : { licenceSealed: moved }
  }
  try {
    return Object.assign({}, ...SECRETS.map(move))
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error
    const sentence = 'The protected numbers of this customer cannot be read here, so the customer number stays.'
    throw new Refused('unreadable', sentence, { number: sentence })
  }
}

async function sealedOf({ db }: Pick<Context, 'db'>, id: number): Promise<Record<Secret, string | null>> {
  const found = await one<Record<Secret, string | null>>(
    db,
    sql`select licence_sealed as licence, ssn_sealed as ssn from customer where id = ${id}`,
  )
  return found ?? { licence: null, ssn: null }
}
