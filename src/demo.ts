import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { sql } from 'drizzle-orm'
import { addUser } from './auth/service.ts'
import { config } from './config.ts'
import { one } from './db/db.ts'
import { DEMO_DAY } from './demo/periods.ts'
import { writeDemoTown } from './demo/town.ts'
import { CannotStart } from './errors.ts'
import { log } from './log.ts'
import { type Server, startServer, stopOnSignals } from './server.ts'
import { importTown } from './town/import.ts'

/** Starts Clerkwell with the demonstration town on its own day and prints a sign-in made for this run. */
async function main(): Promise<void> {
  const given = config()
  if (given.production)
    throw new CannotStart('The demonstration is not for production. Start the product with npm start.')
  const dataFolder = given.database.url ? given.dataFolder : path.join(given.dataFolder, 'demo')
  const server = await startServer({ ...given, dataFolder, today: given.today ?? DEMO_DAY })
  stopOnSignals(server.stop)
  await loadTown(server)
  const { name, password } = await makeSignIn(server)
  process.stdout.write(
    `\nThe demonstration town is ready at ${server.address}\n  user      ${name}\n  password  ${password}\n\nCtrl+C ends it.\n`,
  )
}

async function loadTown({ town }: Server): Promise<void> {
  const db = town.databases.private
  const loaded = await one<{ any: boolean }>(db, sql`select exists (select from customer) as any`)
  if (loaded?.any) return
  const folder = await mkdtemp(path.join(os.tmpdir(), 'clerkwell-demo-'))
  try {
    await writeDemoTown(folder)
    const result = await importTown(db, folder, { dryRun: false, actor: 0, today: DEMO_DAY })
    if (!result.ok) throw new Error(`the demonstration town is not whole: ${JSON.stringify(result.faults.slice(0, 3))}`)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function makeSignIn({ town }: Server): Promise<{ name: string; password: string }> {
  const name = `demo-${randomBytes(2).toString('hex')}`
  const password = randomBytes(12).toString('base64url')
  await addUser(town.databases.private, { name, role: 'administrator', password })
  return { name, password }
}

main().catch((error: unknown) => {
  if (error instanceof CannotStart) process.stderr.write(`${error.message}\n`)
  else log.fatal({ err: error }, 'The demonstration could not start.')
  process.exit(1)
})
