import path from 'node:path'
import { recordEvent } from '../audit/service.ts'
import { faultsOf, rowsOf } from '../backup/manifest.ts'
import { restoreBackup } from '../backup/restore.ts'
import { type Command, Usage } from './command.ts'
import { withTown } from './town.ts'

export const restore: Command = {
  usage: 'restore <file>',
  does: 'loads a backup into an empty database of the same schema version, all or nothing, and proves the ledger',
  async run([file, ...rest], io) {
    if (!file || rest.length > 0) throw new Usage('restore needs one file')
    return withTown(io, async ({ databases, ownerUrl }) => {
      const manifest = await restoreBackup(ownerUrl, file)
      await recordEvent(databases.private, {
        actor: 0,
        action: 'restore',
        subject: 'town',
        subjectKey: path.basename(file),
      })
      io.out(`${file} of ${manifest.created} restored: ${manifest.tables.length} tables, ${rowsOf(manifest)} rows\n`)
      const faults = faultsOf(manifest)
      if (faults.length > 0)
        io.err(`The ledger proof finds the faults that it found before the backup: ${faults.join(', ')}\n`)
      return 0
    })
  },
}
