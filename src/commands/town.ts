import { openTown, type Town } from '../db/engine.ts'
import { examineTown } from '../health.ts'
import { log } from '../log.ts'
import type { Exit, Io } from './command.ts'

/** Opens the town beside a running server or without one, and leaves it as it was found. The command acts as administrator. */
export async function withTown(io: Io, work: (town: Town) => Promise<Exit>): Promise<Exit> {
  const town = await openTown(io.config)
  try {
    await examineTown(town, io.config, log)
    return await work(town)
  } finally {
    await town.stop()
  }
}
