import { statSync } from 'node:fs'
import path from 'node:path'
import { recordEvent } from '../audit/service.ts'
import { faultsOf, rowsOf } from '../backup/manifest.ts'
import { writeBackup } from '../backup/write.ts'
import { type Command, Usage } from './command.ts'
import { withTown } from './town.ts'

export const backup: Command = {
  usage: 'backup <file>',
  does: 'writes the whole town in one snapshot to one file, beside a running server; keep the key file apart from it',
  async run([file, ...rest], io) {
    if (!file || rest.length > 0) throw new Usage('backup needs one file')
    return withTown(io, async ({ databases, ownerUrl }) => {
      const manifest = await writeBackup(ownerUrl, file)
      await recordEvent(databases.private, {
        actor: 0,
        action: 'backup',
        subject: 'town',
        subjectKey: path.basename(file),
      })
      const { tables } = manifest
      io.out(`${file}: ${tables.length} tables, ${rowsOf(manifest)} rows, ${statSync(file).size} bytes\n`)
      const faults = faultsOf(manifest)
      if (faults.length > 0) io.err(`The ledger proof finds faults in what was backed up: ${faults.join(', ')}\n`)
      return 0
    })
  },
}
