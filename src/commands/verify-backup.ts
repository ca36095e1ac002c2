import { faultsOf, rowsOf } from '../backup/manifest.ts'
import { verifyBackup } from '../backup/verify.ts'
import { type Command, Usage } from './command.ts'
import { withTown } from './town.ts'

export const verifyBackupFile: Command = {
  usage: 'verify-backup <file>',
  does: 'restores a backup into a scratch database on the same server, proves the ledger there and compares every table',
  async run([file, ...rest], io) {
    if (!file || rest.length > 0) throw new Usage('verify-backup needs one file')
    return withTown(io, async ({ ownerUrl }) => {
      const { manifest, differences } = await verifyBackup(ownerUrl, file)
      for (const { name, rows } of manifest.totals) io.out(`${name}: ${rows}\n`)
      for (const { name, faults } of manifest.checks) io.out(`${faults === 0 ? 'ok   ' : 'FAULT'} ${name}: ${faults}\n`)
      io.out(`${file} of ${manifest.created}: ${manifest.tables.length} tables, ${rowsOf(manifest)} rows\n`)
      for (const difference of differences) io.err(`It came out differently: ${difference}\n`)
      return differences.length === 0 && faultsOf(manifest).length === 0 ? 0 : 1
    })
  },
}
