import cluster from 'node:cluster'
import { config } from './config.ts'
import { CannotStart } from './errors.ts'
import { log } from './log.ts'
import { startServer, stopOnSignals } from './server.ts'

const BACK_OFF_MS = 1000

/** One process serves; with WEB_CONCURRENCY above one, as many workers, each with its own pools. */
async function main(): Promise<void> {
  // whoever started it may stop listening; that is no reason to stop serving
  process.stdout.on('error', () => {})
  const settings = config()
  if (settings.workers > 1 && cluster.isPrimary) return supervise(settings.workers)
  const server = await startServer(settings)
  stopOnSignals(server.stop)
  const first = server.setupPath && `First start: make the administrator at ${server.address}${server.setupPath}\n`
  process.stdout.write(`Clerkwell is ready at ${server.address}\n${first ?? ''}`)
}

function supervise(workers: number): void {
  let closing = false
  cluster.on('exit', () => {
    // a worker that dies at once would otherwise be started for ever
    if (!closing) setTimeout(() => closing || cluster.fork(), BACK_OFF_MS)
  })
  stopOnSignals(async () => {
    closing = true
    const left = Object.values(cluster.workers ?? {}).map((worker) => new Promise((gone) => worker?.once('exit', gone)))
    for (const worker of Object.values(cluster.workers ?? {})) worker?.kill('SIGTERM')
    await Promise.all(left)
  })
  for (let n = 0; n < workers; n += 1) cluster.fork()
}

main().catch((error: unknown) => {
  if (error instanceof CannotStart) process.stderr.write(`${error.message}\n`)
  else log.fatal({ err: error }, 'Clerkwell could not start.')
  process.exit(1)
})
