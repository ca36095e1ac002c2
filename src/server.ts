import type { AddressInfo } from 'node:net'
import { createApp } from './app.ts'
import { makeSetupLink } from './auth/setup-link.ts'
import type { Config } from './config.ts'
import { townDay } from './day.ts'
import { openTown, type Town } from './db/engine.ts'
import { FEATURES } from './features.ts'
import { examineTown, watchHealth } from './health.ts'
import { startJobs } from './jobs/jobs.ts'
import { log } from './log.ts'
import { examineKeys } from './secrets/service.ts'

export interface Server {
  town: Town
  /** `http://127.0.0.1:3000` */
  address: string
  /** Path of the one-time set-up link when there is no administrator yet. */
  setupPath: string | undefined
  /** Answers what is under way, then closes everything. */
  stop(): Promise<void>
}

/** Opens the town, examines it, and serves it. Refuses to start with a plain sentence (CannotStart). */
export async function startServer(config: Config): Promise<Server> {
  const town = await openTown(config)
  await examineTown(town, config, log)
  await examineKeys(town.databases.private, config, log)
  const { databases } = town
  const day = await townDay(databases.private, config)
  const watch = watchHealth(town, config, log)
  const jobs = await startJobs({ databases, today: day.today, log })
  const app = createApp({ databases, config, today: day.today, log, health: watch.health, jobs, features: FEATURES })
  const listener = app.listen(config.port, config.host)
  await new Promise<void>((ready, failed) => {
    listener.once('listening', ready)
    listener.once('error', failed)
  })
  const { port } = listener.address() as AddressInfo
  return {
    town,
    address: `http://${config.host.includes(':') ? `[${config.host}]` : config.host}:${port}`,
    setupPath: await makeSetupLink(databases.private),
    async stop() {
      day.stop()
      watch.stop()
      const closed = new Promise((done) => listener.close(done))
      listener.closeIdleConnections()
      await Promise.race([closed, new Promise((done) => setTimeout(done, 5000).unref())])
      await jobs.stop()
      await town.stop()
    },
  }
}

/** Stops the server on Ctrl-C and on a service manager's signal, once. */
export function stopOnSignals(stop: () => Promise<void>): void {
  let stopping = false
  const leave = async () => {
    if (stopping) return
    stopping = true
    await stop().catch((error: unknown) => log.error({ err: error }, 'Stopping was not clean.'))
    process.exit(0)
  }
  process.on('SIGINT', leave)
  process.on('SIGTERM', leave)
}
