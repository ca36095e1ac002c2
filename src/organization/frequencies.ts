/** How often a service is billed. */
export const FREQUENCY = ['monthly', 'bimonthly', 'quarterly', 'semiannual', 'annual'] as const

const LABELS = ['Monthly', 'Every two months', 'Quarterly', 'Every half year', 'Yearly']

/** The same to choose from. */
export const FREQUENCIES = FREQUENCY.map((value, at) => ({ value, label: LABELS[at] ?? value }))
