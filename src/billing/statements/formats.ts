/** Select Report Format: the formats of statements. Billing adds its own. */
export const FORMATS = [{ value: 'plain', label: 'Plain letter' }] as const
export type Format = (typeof FORMATS)[number]['value']
