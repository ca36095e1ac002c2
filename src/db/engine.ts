import type { Config } from '../config.ts'
import { type Databases, openDatabases } from './db.ts'
import { openEngine } from './embedded.ts'
import { migrate } from './migrate.ts'

export interface Town {
  databases: Databases
  /** The owner's address, past any pooler: migrations, backup, jobs. */
  ownerUrl: string
  /** The server is our own embedded one and not somebody's PostgreSQL. */
  embedded: boolean
  /** Closes the pools and leaves the embedded engine; whoever leaves last stops it. */
  stop(): Promise<void>
}

/**
 * Opens the town: starts or joins the embedded engine, or takes DATABASE_URL; migrates; makes the roles; opens the pools.
 * For the server, the demonstration and the command line alike. Refuses with a plain sentence (CannotStart).
 */
export async function openTown(config: Config): Promise<Town> {
  const { database } = config
  const engine = database.url ? undefined : await openEngine(config.dataFolder)
  try {
    const url = database.url ?? engine?.url ?? ''
    const ownerUrl = database.directUrl ?? url
    const roles = await migrate(ownerUrl)
    const databases = openDatabases({
      url: ownerUrl,
      roles,
      appUrl: database.appUrl ?? url,
      privateUrl: database.privateUrl ?? url,
      pooler: database.pooler,
    })
    return {
      databases,
      ownerUrl,
      embedded: engine !== undefined,
      async stop() {
        await databases.close()
        await engine?.stop()
      },
    }
  } catch (error) {
    await engine?.stop()
    throw error
  }
}
