import { createWriteStream } from 'node:fs'
import { finished } from 'node:stream/promises'
import { writeJournal } from '../ledger/journal.ts'
import { type Command, Usage } from './command.ts'
import { withTown } from './town.ts'

export const journal: Command = {
  usage: 'journal <file>',
  does: 'writes the ledger as hledger text',
  async run([file, ...rest], io) {
    if (!file || rest.length > 0) throw new Usage('journal needs one file')
    return withTown(io, async ({ databases }) => {
      const out = createWriteStream(file)
      await writeJournal(databases.private, out)
      out.end()
      await finished(out)
      return 0
    })
  },
}
