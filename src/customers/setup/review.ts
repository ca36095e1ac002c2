import { type Day, formatDay } from '../../ledger/calendar.ts'
import { type Money, text, ZERO } from '../../ledger/money.ts'
import { frequencyText } from '../../organization/frequencies.ts'
import type { FieldView } from '../../web/form.ts'
import { type AllSteps, checkAll } from './compile.ts'
import type { Step } from './drafts.ts'
import { isCopied } from './place.ts'
import { formOf, type Given, LABELS, tickedOffers, toCollect, valuesOf, withoutMeter } from './steps.ts'

type Data = Record<string, unknown>

interface Line {
  label: string
  value: string
}

/** All that Set up would save, as it is said on Review and save, and what stands in its way. */
export async function reviewOf(given: Given) {
  const { data, faults } = await checkAll(given)
  return {
    faults: faults.map((fault) => ({ ...fault, label: LABELS[fault.step] })),
    lines: [
      ...(data.customer ? await customerLines(given, data.customer) : []),
      ...(data.location ? await placeLines(given, data.location) : []),
    ],
    collect: data.deposits ? toCollect(data.deposits) : '0.00',
    services: tickedOffers(given).map(({ code, name }) => ({ code, name, ...serviceShown(code, data) })),
    reads: data.meters ? readsShown(given, data.meters) : [],
  }
}

/** The fields of a step that are filled, by their labels; those not named in `besides`. */
async function filled(step: Step, given: Given, besides: readonly string[]): Promise<Line[]> {
  const { fields } = formOf(step, given).show(await valuesOf(step, given), {}, given.lists)
  return fields
    .filter(({ name }) => !besides.includes(name))
    .map((field) => ({ label: field.label, value: said(field) }))
    .filter(({ value }) => value !== '')
}

function said({ input, checked, choices, value }: FieldView): string {
  if (input === 'checkbox') return checked ? 'yes' : ''
  return input === 'select' ? (choices.find(({ selected }) => selected)?.label ?? '') : value
}

const NAME_DETAILS = ['title', 'firstName', 'middleName', 'lastName', 'suffix']
const MAILING = ['addressLine1', 'addressLine2', 'city', 'state', 'zip', 'country']

async function customerLines(given: Given, data: Data): Promise<Line[]> {
  const unsaved = data.kind === 'individual' ? [] : NAME_DETAILS
  const account = isCopied(given.typed) || given.typed.location?.kind !== 'none'
  const mailing = [
    ...(data.addressLine1 === '' && account ? ['the service address'] : []),
    ...MAILING.map((name) => String(data[name] ?? '')).filter((part) => part !== ''),
  ]
  return [
    ...(await filled('customer', given, ['copy', 'previous', 'active', ...MAILING, ...unsaved])),
    { label: 'Mailing address', value: mailing.join(', ') || 'none' },
    { label: 'Active', value: data.active ? 'yes' : 'no' },
  ]
}

const NOT_OF_PLACE = ['kind', 'connectDate', 'location', 'landlordOf', 'locationNumber', 'serviceAddress']

async function placeLines(given: Given, data: Data): Promise<Line[]> {
  const { place } = given
  const copied = isCopied(given.typed)
  const landlordOf = copied ? '' : String(data.landlordOf ?? '')
  const isNew = !copied && data.kind === 'new'
  const none = !copied && data.kind === 'none'
  const at = isNew ? `${data.locationNumber} ${data.serviceAddress} (new)` : 'none'
  return [
    { label: 'Location', value: place.location ? `${place.location.number} ${place.location.address}` : at },
    ...(isNew ? await filled('location', given, NOT_OF_PLACE) : []),
    ...(landlordOf === '' ? [] : [{ label: 'Landlord of location', value: landlordOf }]),
    ...(none ? [] : [{ label: 'Connect date', value: formatDay(data.connectDate as Day) }]),
  ]
}

function serviceShown(code: string, { services = {}, deposits = {} }: Partial<AllSteps>) {
  const written = (name: string) => String(services[`${name}-${code}`] ?? '')
  const amount = deposits[`deposit-${code}`] as Money | undefined
  const parts = Number(deposits[`parts-${code}`] ?? 1)
  return {
    ...{ rate: written('rate'), quantity: written('quantity'), units: written('units') },
    frequency: frequencyText(written('frequency')),
    connect: written('connect'),
    deposit: amount?.gt(ZERO) ? `${text(amount)}${parts > 1 ? ` in ${parts} instalments` : ''}` : '',
  }
}

/** The meters that are there and those put in, each with the read it begins at. */
const readsShown = (given: Given, data: Data) => [
  ...given.place.reads.map(({ number, meterId, reading }) => ({
    meter: number,
    begins: data[`read-${meterId}`]?.toString() ?? reading,
  })),
  ...withoutMeter(given)
    .filter(({ code }) => data[`meter-${code}`] !== '')
    .map(({ code, name }) => ({
      meter: `${data[`meter-${code}`]} (new) for ${name}`,
      begins: data[`begin-${code}`]?.toString() ?? null,
    })),
]
