/** The section Update Customer Accounts of Create Tax Certification Records and Update Customer Balances. */
export type AccountUpdate = {
  /** Assign Collection Code; null changes none. */
  assignCollectionCode: string | null
  replaceExistingCollectionCode: boolean
  /** Add Alert Message; blank adds none. */
  addAlertMessage: string
  updateCustomersWithExistingAlert: boolean
  existingAlertMessages: 'replace' | 'append'
}

/**
 * Collection code of a selected customer (domain.md U10): one who has none gets the new one; one who has a code keeps
 * it unless Replace Existing Collection Code is ticked. Null = nothing changes.
 */
export function collectionCodeEffect(
  update: Pick<AccountUpdate, 'assignCollectionCode' | 'replaceExistingCollectionCode'>,
  current: string | null,
): { from: string | null; to: string } | null {
  const to = update.assignCollectionCode
  if (to === null || to === current) return null
  return current === null || update.replaceExistingCollectionCode ? { from: current, to } : null
}

/**
 * Alert messages of a selected customer (domain.md U11): one without gets the new one whatever the box says; one with
 * alerts gets nothing while the box is clear, else it is added to them or takes their place. An alert equal to one
 * there already is not added again. `ends` are places in `existing`. Null = nothing changes.
 */
export function alertEffect(
  update: Pick<AccountUpdate, 'addAlertMessage' | 'updateCustomersWithExistingAlert' | 'existingAlertMessages'>,
  existing: string[],
): { ends: number[]; adds: string | null } | null {
  const message = update.addAlertMessage.trim()
  if (message === '' || (existing.length > 0 && !update.updateCustomersWithExistingAlert)) return null
  const same = existing.findIndex((alert) => alert.trim() === message)
  const others = [...existing.keys()].filter((at) => at !== same)
  const ends = update.existingAlertMessages === 'replace' ? others : []
  const adds = same === -1 ? message : null
  return ends.length === 0 && adds === null ? null : { ends, adds }
}
