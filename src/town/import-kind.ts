import { z } from 'zod'
import { Refused } from '../errors.ts'
import type { RunKind } from '../runs/kind.ts'

const options = z.strictObject({ folder: z.string() })

/**
 * The import of a town folder is a run of its own kind, listed with the others. The folder lies on the machine of the
 * server, so it is started there, by the command line, and by nobody over the network.
 */
export const townImport: RunKind<z.infer<typeof options>> = {
  kind: 'town.import',
  menu: 'Organization',
  title: 'Import of a town folder',
  path: '/organization/import',
  withoutScreen: true,
  may: { prepare: 'town.import', post: 'town.import', reverse: 'town.import' },
  options,
  factsKind: 'version',
  async prepare() {
    throw new Refused('command_line', 'A town folder is imported on the server: npm run clerkwell -- import <folder>.')
  },
  async refuseReversal() {
    throw new Refused('import', 'An import is not reversed: a town that was imported wrongly is a new database.')
  },
}
