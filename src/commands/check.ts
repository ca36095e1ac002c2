import { verifyAudit } from '../audit/seal.ts'
import { checkLedger, isClean } from '../ledger/check.ts'
import type { Command } from './command.ts'
import { withTown } from './town.ts'

export const check: Command = {
  usage: 'check',
  does: 'proves the ledger: each invariant with its count of faults; exit 1 on any',
  run: (_args, io) =>
    withTown(io, async ({ databases }) => {
      const checks = await checkLedger(databases.private)
      for (const { title, faults, accounts } of checks) {
        io.out(
          `${faults === 0 ? 'ok   ' : 'FAULT'} ${title}: ${faults}${accounts.length > 0 ? ` (${accounts.join(', ')})` : ''}\n`,
        )
      }
      const chain = await verifyAudit(databases.private)
      io.out(`${chain.faults === 0 ? 'ok   ' : 'FAULT'} The audit trail's chain is unbroken: ${chain.faults}\n`)
      return isClean(checks) && chain.faults === 0 ? 0 : 1
    }),
}
