import { hash, verify } from '@node-rs/argon2'
import { normalized } from './rules.ts'

// 19 MiB, two passes, one lane: the floor of OWASP's list, and what a host of 1 GB can bear three times at once. Algorithm
// 2 is argon2id (the package's constant is a const enum, which type stripping cannot read).
const COST = { algorithm: 2, memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const
const AT_ONCE = 3

let running = 0
const waiting: (() => void)[] = []

/** At most three hashes at a time, so that two hundred sign-ins at once do not take the memory of the town (S-3). */
async function inTurn<T>(work: () => Promise<T>): Promise<T> {
  if (running >= AT_ONCE) await new Promise<void>((go) => waiting.push(go))
  else running += 1
  try {
    return await work()
  } finally {
    const next = waiting.shift()
    if (next) next()
    else running -= 1
  }
}

export const hashPassword = (password: string): Promise<string> => inTurn(() => hash(normalized(password), COST))

let nobody: Promise<string> | undefined

/** Whether a password is right. Without a hash (no such user) it takes as long and says no (S-5). */
export async function verifyPassword(stored: string | null, password: string): Promise<boolean> {
  nobody ??= hashPassword('nobody has this password')
  const against = stored ?? (await nobody)
  const right = await inTurn(() => verify(against, normalized(password)))
  return right && stored !== null
}

/** Made with less than today's cost: hashed anew at the next sign-in. */
export function isWeak(stored: string): boolean {
  const [, m = '0', t = '0'] = /\$m=(\d+),t=(\d+),/.exec(stored) ?? []
  return Number(m) < COST.memoryCost || Number(t) < COST.timeCost
}
