/** How often a service is billed. */
export const FREQUENCY = ['monthly', 'bimonthly', 'quarterly', 'semiannual', 'annual'] as const

const LABELS = ['Monthly', 'Every two months', 'Quarterly', 'Every half year', 'Yearly']

/** The same to choose from. */
export const FREQUENCIES = FREQUENCY.map((value, at) => ({ value, label: LABELS[at] ?? value }))

/** Its words; what is no frequency stays as it is. */
export const frequencyText = (frequency: string): string =>
  FREQUENCIES.find(({ value }) => value === frequency)?.label ?? frequency
