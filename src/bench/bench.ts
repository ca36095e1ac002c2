import { mkdtempSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import postgres, { type Sql } from 'postgres'
import { openDatabases } from '../db/db.ts'
import { type Engine, openEngine } from '../db/embedded.ts'
import { migrate } from '../db/migrate.ts'

/** One figure: ours against a bare one measured in the same run, interleaved; the ratio is the median of the pairs. */
export interface Figure {
  name: string
  ours: number
  bare: number
  ratio: number
  /** Largest ratio that is accepted. */
  gate: number
  unit: string
}

/** A durable embedded server of its own (fsync on) in a temporary folder. */
export async function benchEngine(): Promise<Engine & { remove(): Promise<void> }> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'clerkwell-bench-'))
  const engine = await openEngine(folder)
  return {
    ...engine,
    async remove() {
      await engine.stop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

let databases = 0

/** A migrated town of its own on the engine, with an owner's connection beside the pools. */
export async function benchTown(engine: Engine) {
  databases += 1
  const name = `bench_${databases}`
  const admin = postgres(engine.url, { max: 1, onnotice: () => {} })
  await admin.unsafe(`create database ${name}`)
  await admin.end()
  const url = engine.url.replace(/\/[^/]*$/, `/${name}`)
  const roles = await migrate(url)
  const owner: Sql = postgres(url, { max: 1, onnotice: () => {}, connection: { jit: 'off' } })
  const pools = openDatabases({ url, roles })
  return {
    url,
    owner,
    databases: pools,
    async close() {
      await owner.end()
      await pools.close()
    },
  }
}

export async function timed(work: () => Promise<unknown>): Promise<number> {
  const from = performance.now()
  await work()
  return performance.now() - from
}

export const median = (values: number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN

/** The figure of interleaved pairs of times in milliseconds. */
export function figure(name: string, gate: number, pairs: { ours: number; bare: number }[], unit = 'ms'): Figure {
  return {
    name,
    gate,
    unit,
    ours: median(pairs.map((pair) => pair.ours)),
    bare: median(pairs.map((pair) => pair.bare)),
    ratio: median(pairs.map((pair) => pair.ours / pair.bare)),
  }
}
