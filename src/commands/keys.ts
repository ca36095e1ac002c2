import { CannotStart } from '../errors.ts'
import { fieldKeys } from '../secrets/keys.ts'
import { rotateKeys, sealedByKey } from '../secrets/service.ts'
import { type Command, Usage } from './command.ts'
import { withTown } from './town.ts'

export const keys: Command = {
  usage: 'keys [rotate]',
  does: 'the keys of the protected fields, with how many values each seals; rotate makes a new one and seals all anew',
  async run(args, io) {
    const [verb, ...rest] = args
    if (rest.length > 0 || (verb !== undefined && verb !== 'rotate')) throw new Usage('keys takes nothing, or rotate')
    const { keysFile } = io.config
    if (!keysFile) throw new CannotStart('There is no key file. Set CLERKWELL_KEYS to where it is or shall be.')
    return withTown(io, async ({ databases }) => {
      const db = databases.private
      const rotated = verb === 'rotate' ? await rotateKeys(db, keysFile) : undefined
      const { current, keys: all } = fieldKeys()
      const counts = await sealedByKey(db)
      for (const id of new Set([...all.keys(), ...counts.keys()])) {
        const state = id === current ? 'current' : all.has(id) ? 'kept for backups' : 'MISSING'
        io.out(`${id}  ${counts.get(id) ?? 0}  ${state}\n`)
      }
      if (rotated?.unreadable) io.err(`${rotated.unreadable} values could not be read and were left as they are.\n`)
      return rotated?.unreadable ? 1 : 0
    })
  },
}
