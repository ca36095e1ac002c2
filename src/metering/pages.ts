import { addRecord } from '../customers/record.ts'
import type { FeatureMaker } from '../web/deps.ts'
import { feature } from '../web/routes.ts'
import { addInstallations } from './installation-pages.ts'
import { meters } from './meters.ts'
import { addReads } from './reads-pages.ts'

/** Meters, their readings and their installations [001-331, 001-332]. */
export const pages: FeatureMaker = () => {
  const made = addRecord(feature('metering'), meters)
  addReads(made)
  addInstallations(made)
  return made
}
