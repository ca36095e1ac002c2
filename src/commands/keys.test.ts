import { rmSync } from 'node:fs'
import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { hasFactor } from '../auth/factor.ts'
import { addUser } from '../auth/service.ts'
import { config, parseConfig } from '../config.ts'
import { NotFound } from '../errors.ts'
import { fieldKeys } from '../secrets/keys.ts'
import { placeOf, sealField } from '../secrets/seal.ts'
import { freshTown, type TestTown } from '../testing/database.ts'
import { type Command, Usage } from './command.ts'
import { keys } from './keys.ts'
import { user } from './user.ts'

// a key file of its own: others seal while this one rotates
await vi.hoisted(async () => {
  const { tmpdir } = await import('node:os')
  process.env.CLERKWELL_KEYS = `${tmpdir()}/clerkwell-rotated-keys-${process.pid}.json`
})

let town: TestTown
beforeAll(async () => {
  town = await freshTown()
  const id = await addUser(town.app, { name: 'alder', role: 'administrator' })
  const sealed = sealField(fieldKeys(), placeOf('user', 'alder', 'totp'), 'SEED')
  await town.db.execute(
    sql`insert into second_factor (user_id, seed_sealed, confirmed_at) values (${id}, ${sealed}, now())`,
  )
})
afterAll(async () => {
  rmSync(config().keysFile ?? '', { force: true })
  await town.drop()
})

async function typed(command: Command, ...args: string[]) {
  const out: string[] = []
  const io = {
    config: parseConfig({ DATABASE_URL: town.url, CLERKWELL_TEST: '1', CLERKWELL_KEYS: config().keysFile }),
    out: (text: string) => out.push(text),
    err: (text: string) => out.push(`! ${text}`),
    stdin: async () => '',
  }
  return { exit: await command.run(args, io), out: out.join('') }
}

it('lists the keys with what each seals; rotate makes a new one and leaves nothing under the old', async () => {
  const before = fieldKeys().current
  expect((await typed(keys)).out).toContain(`${before}  1  current\n`)
  const rotated = await typed(keys, 'rotate')
  expect(rotated.exit).toBe(0)
  expect(rotated.out).toContain(`${before}  0  kept for backups\n`)
  expect(rotated.out).toContain(`${fieldKeys().current}  1  current\n`)
  expect(fieldKeys().current).not.toBe(before)
})
it('names a key that is missing', async () => {
  await town.db.execute(sql`update second_factor set seed_sealed = 'v1|00000000' || substr(seed_sealed, 12)`)
  expect((await typed(keys)).out).toContain('00000000  1  MISSING\n')
})
it('knows nothing else', async () => {
  await expect(typed(keys, 'forget')).rejects.toThrow(Usage)
  await expect(typed(user, 'remove-factor')).rejects.toThrow(Usage)
})
it('takes away the second factor of the last administrator', async () => {
  await expect(typed(user, 'remove-factor', 'nobody')).rejects.toThrow(NotFound)
  expect((await typed(user, 'remove-factor', 'Alder')).exit).toBe(0)
  expect(await hasFactor(town.app, 1)).toBe(false)
  await expect(typed(user, 'remove-factor', 'alder')).rejects.toThrow(NotFound)
})
