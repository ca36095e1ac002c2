import { parseArgs } from 'node:util'
import { resetFactor } from '../auth/factor.ts'
import { isRole, ROLES } from '../auth/permissions.ts'
import { addUser, findUserByName, userName } from '../auth/service.ts'
import { addToken } from '../auth/tokens.ts'
import { NotFound } from '../errors.ts'
import { type Command, type Io, Usage } from './command.ts'
import { withTown } from './town.ts'

export const user: Command = {
  usage: `user add <name> --role <role> | user remove-factor <name>      (${ROLES.join(', ')})`,
  does: 'adds a user, the password is read from standard input; or takes away a second factor that was lost',
  async run(args, io) {
    const { values, positionals } = parseArgs({ args, options: { role: { type: 'string' } }, allowPositionals: true })
    const [verb, name] = positionals
    const { role } = values
    if (verb === 'remove-factor' && name && positionals.length === 2 && !role) return removeFactor(io, name)
    if (verb !== 'add' || !name || positionals.length > 2 || !role || !isRole(role))
      throw new Usage('user add needs a name and a role')
    const password = (await io.stdin()).replace(/\r?\n$/, '')
    return withTown(io, async ({ databases }) => {
      await addUser(databases.private, { name, role, password })
      return 0
    })
  },
}

/** For the last administrator, whose second factor nobody else can take away. */
const removeFactor = (io: Io, name: string) =>
  withTown(io, async ({ databases }) => {
    const found = await findUserByName(databases.private, userName(name))
    if (!found) throw new NotFound('user')
    await resetFactor(databases.private, found, 0, 'from the command line')
    return 0
  })

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
