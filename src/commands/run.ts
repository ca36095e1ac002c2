import { parseArgs } from 'node:util'
import { townDay } from '../day.ts'
import type { Db } from '../db/db.ts'
import { RUN_KINDS } from '../run-kinds.ts'
import { kindAnswer, runAnswer } from '../runs/answer.ts'
import { keepRegister } from '../runs/register.ts'
import { goRun, mustFind, prepareRun, type RunRow, startRun } from '../runs/service.ts'
import { type Command, type Io, Usage } from './command.ts'
import { withTown } from './town.ts'

export const runs: Command = {
  usage: 'runs',
  does: 'the run kinds with their options as JSON',
  async run(_args, io) {
    io.out(`${JSON.stringify(RUN_KINDS.list.map(kindAnswer), null, 2)}\n`)
    return 0
  },
}

export const run: Command = {
  usage: 'run <kind> [--options <json>] [--criteria <json>] [--go]',
  does: 'prepares a run and prints it; with --go posts it and prints the finished run',
  async run(args, io) {
    const { values, positionals } = parseArgs({
      args,
      options: { options: { type: 'string' }, criteria: { type: 'string' }, go: { type: 'boolean' } },
      allowPositionals: true,
    })
    const [kind] = positionals
    if (!kind || positionals.length > 1) throw new Usage('run needs one kind')
    const options = json('options', values.options)
    const criteria = json('criteria', values.criteria)
    return withTown(io, async ({ databases }) => {
      const db = databases.private
      const day = await townDay(db, io.config)
      day.stop()
      const runId = await startRun(db, RUN_KINDS, { kind, options, criteria, actor: 0 })
      const prepared = await prepareRun(db, RUN_KINDS, runId, day.today())
      await print(io, db, values.go && postable(prepared) ? await posted(db, prepared) : prepared)
      return 0
    })
  },
}

const postable = (run: RunRow) => run.count > 0

async function posted(db: Db, run: RunRow): Promise<RunRow> {
  const done = await goRun(db, run.id, run.previewHash ?? '', 0)
  await keepRegister(db, RUN_KINDS, done.id)
  return mustFind(db, done.id)
}

async function print(io: Io, db: Db, run: RunRow): Promise<void> {
  io.out(`${JSON.stringify(await runAnswer(db, run), null, 2)}\n`)
}

function json(name: string, text: string | undefined): unknown {
  if (text === undefined) return undefined
  try {
    return JSON.parse(text)
  } catch {
    throw new Usage(`--${name} is not JSON`)
  }
}
