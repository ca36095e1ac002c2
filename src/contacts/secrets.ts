import { fieldKeys } from '../secrets/keys.ts'
import { lastFour, typedSecret } from '../secrets/rules.ts'
import { placeOf, sealField } from '../secrets/seal.ts'

type Numbers = Record<'licence' | 'ssn', string>

/** The protected columns of a contact from what was typed: sealed for its own number; one left empty keeps what is stored. */
export function sealedNumbers(number: string, typed: Numbers, masks: Numbers): object {
  const columns = (['licence', 'ssn'] as const).map((field) => {
    const plain = typedSecret(typed[field], masks[field])
    if (plain === undefined) return {}
    if (plain === null) return { [`${field}Sealed`]: null, [`${field}Last4`]: null }
    const sealed = sealField(fieldKeys(), placeOf('contact', number, field), plain)
    return { [`${field}Sealed`]: sealed, [`${field}Last4`]: lastFour(plain) }
  })
  return Object.assign({}, ...columns)
}
