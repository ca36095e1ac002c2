import { fieldKeys } from './keys.ts'
import { lastFour } from './rules.ts'
import { type Place, sealField } from './seal.ts'

/**
 * The columns `<field>Sealed` and `<field>Last4` of a record, from what `typedSecret` made of what was typed: none where
 * what is stored stays, null in both where it is taken away. Refuses where this server has no key file.
 */
export function sealedColumns(place: Place, field: string, typed: string | null | undefined): object {
  if (typed === undefined) return {}
  if (typed === null) return { [`${field}Sealed`]: null, [`${field}Last4`]: null }
  return { [`${field}Sealed`]: sealField(fieldKeys(), place, typed), [`${field}Last4`]: lastFour(typed) }
}
