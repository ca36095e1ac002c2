import { parseArgs } from 'node:util'
import { isRole, ROLES } from '../auth/permissions.ts'
import { addUser } from '../auth/service.ts'
import { addToken } from '../auth/tokens.ts'
import { type Command, Usage } from './command.ts'
import { withTown } from './town.ts'

export const user: Command = {
  usage: `user add <name> --role <role>      (${ROLES.join(', ')})`,
  does: 'adds a user; the password is read from standard input',
  async run(args, io) {
    const { values, positionals } = parseArgs({ args, options: { role: { type: 'string' } }, allowPositionals: true })
    const [verb, name] = positionals
    const { role } = values
    if (verb !== 'add' || !name || positionals.length > 2 || !role || !isRole(role))
      throw new Usage('user add needs a name and a role')
    const password = (await io.stdin()).replace(/\r?\n$/, '')
    return withTown(io, async ({ databases }) => {
      await addUser(databases.private, { name, role, password })
      return 0
    })
  },
}

export const token: Command = {
  usage: 'token add <user> [--name <label>]',
  does: 'prints an API token once, alone on standard output',
  async run(args, io) {
    const { values, positionals } = parseArgs({ args, options: { name: { type: 'string' } }, allowPositionals: true })
    const [verb, name] = positionals
    if (verb !== 'add' || !name || positionals.length > 2) throw new Usage('token add needs a user')
    return withTown(io, async ({ databases }) => {
      io.out(`${await addToken(databases.private, name, values.name ?? 'command line')}\n`)
      return 0
    })
  },
}
