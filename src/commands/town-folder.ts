import { parseArgs } from 'node:util'
import { recordEvent } from '../audit/service.ts'
import { townDay } from '../day.ts'
import { exportTown } from '../town/export.ts'
import { faultText } from '../town/faults.ts'
import { importTown } from '../town/import.ts'
import type { ControlTotals } from '../town/totals.ts'
import { type Command, Usage } from './command.ts'
import { withTown } from './town.ts'

export const importFolder: Command = {
  usage: 'import <folder> [--dry-run]',
  does: 'loads a town folder into an empty town, all or nothing; --dry-run only checks it and shows its totals',
  async run(args, io) {
    const { values, positionals } = parseArgs({
      args,
      options: { 'dry-run': { type: 'boolean' } },
      allowPositionals: true,
    })
    const [folder] = positionals
    if (!folder || positionals.length > 1) throw new Usage('import needs one folder')
    return withTown(io, async ({ databases }) => {
      const day = await townDay(databases.private, io.config)
      day.stop()
      const dryRun = values['dry-run'] ?? false
      const result = await importTown(databases.private, folder, { dryRun, actor: 0, today: day.today() })
      if (!result.ok) {
        io.err(`${result.faults.map(faultText).join('\n')}\n`)
        return 1
      }
      io.out(totalsText(result.totals, dryRun))
      return 0
    })
  },
}

function totalsText(totals: ControlTotals, dryRun: boolean): string {
  const line = (name: string, value: string | number) => `${name.padEnd(28)} ${String(value).padStart(14)}\n`
  return [
    dryRun ? 'Checked; nothing was imported.\n' : 'Imported.\n',
    ...Object.entries(totals.rows).map(([file, count]) => line(file, count)),
    line('transactions', totals.transactions),
    ...totals.services.map(({ service, balance }) =>
      line(service === '' ? 'open credit of accounts' : `balance ${service}`, balance),
    ),
    line('receivable', totals.receivable),
    line('of this open credit', totals.openCredit),
    line('certification balances', totals.certified),
    line('deposits held', totals.deposits),
  ].join('')
}

export const exportFolder: Command = {
  usage: 'export <folder>',
  does: 'writes the whole town as a town folder',
  async run(args, io) {
    const [folder, ...rest] = args
    if (!folder || rest.length > 0 || folder.startsWith('-')) throw new Usage('export needs one folder')
    return withTown(io, async ({ databases }) => {
      const written = await exportTown(databases.private, folder)
      for (const [file, count] of Object.entries(written)) io.out(`${file.padEnd(28)} ${String(count).padStart(14)}\n`)
      await recordEvent(databases.private, {
        actor: 0,
        action: 'export',
        subject: 'town',
        subjectKey: '',
        new: written,
      })
      return 0
    })
  },
}
