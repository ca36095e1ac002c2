import { z } from 'zod'
import type { Permission } from '../auth/permissions.ts'
import { Conflict, Forbidden, NotFound, Refused } from '../errors.ts'
import { kindAnswer, runAnswer } from '../runs/answer.ts'
import { asSeen } from '../runs/as-seen.ts'
import { dependentsIn, dependentsSentence, nameDependents } from '../runs/dependents.ts'
import { readRunFile, runFiles } from '../runs/files.ts'
import { prepareSoon, registerSoon } from '../runs/prepare.ts'
import type { Registry } from '../runs/registry.ts'
import { reverseRun } from '../runs/reverse.ts'
import { goRun, mustFind, type RunRow, startRun } from '../runs/service.ts'
import { accepted, type Call, call, created, type Given, ok } from './call.ts'
import { filesAnswer, kindsAnswer, pageSent, runAnswerSchema, runState } from './schemas.ts'
import { runIdOf } from './store.ts'

const PATIENCE_MS = 30_000

type Who = Pick<Given<unknown, unknown>, 'db' | 'actor' | 'may' | 'today' | 'deps' | 'params'>

const require = (who: Pick<Who, 'may'>, permission: Permission): void => {
  if (!who.may(permission)) throw new Forbidden(permission)
}

/** The run of the path. Any run may be looked at; what it holds of private accounts is hidden elsewhere. */
async function runOf({ deps, params }: Who): Promise<RunRow> {
  const id = await runIdOf(deps.databases.private, params.id ?? '')
  if (id === undefined) throw new NotFound('run')
  return mustFind(deps.databases.private, id)
}

const answerOf = async ({ db, deps }: Who, run: RunRow, page?: number) =>
  runAnswer(db, await asSeen(db, deps.databases.private, run), page)

/** The calls of runs, for the batch routines of a registry. */
export const runCalls = (registry: Registry): Call[] => [
  kinds(registry),
  prepare(registry),
  show,
  go(registry),
  reversal(registry),
  files,
  file,
]

const kinds = (registry: Registry) =>
  call({
    method: 'get',
    path: '/run-kinds',
    need: 'runs.view',
    summary: 'The batch routines with their options as JSON Schema',
    answers: { 200: kindsAnswer },
    handle: async () => ok(registry.list.map(kindAnswer)),
  })

const prepare = (registry: Registry) =>
  call({
    method: 'post',
    path: '/runs',
    // which right it takes depends on the routine
    need: 'api.use',
    summary: 'Prepares a run: its preview, with who is left out and why; posts nothing',
    body: z.strictObject({
      kind: z.string().max(100),
      options: z.unknown().optional(),
      criteria: z.unknown().optional(),
    }),
    answers: { 201: runAnswerSchema, 202: runState },
    key: 'call',
    handle: async ({ body, ...who }) => {
      const kind = registry.get(body.kind)
      require(who, kind.may.prepare)
      const options = kind.options.safeParse(body.options ?? {})
      for (const permission of (options.success && kind.needs?.(options.data)) || []) require(who, permission)
      const asked = { kind: body.kind, options: body.options, criteria: body.criteria, actor: who.actor.id }
      const runId = await startRun(who.deps.databases.private, registry, asked)
      const run = await prepareSoon(who.deps, registry, runId, PATIENCE_MS).catch((error: unknown) => {
        throw error instanceof Refused && !error.detail ? ofOptions(error.message) : error
      })
      if (run.state === 'preparing') return accepted({ runId: run.number, state: run.state })
      if (run.state === 'failed') {
        const { failure } = await asSeen(who.db, who.deps.databases.private, run)
        throw ofOptions(failure ?? 'Preparing broke off. Nothing was posted.')
      }
      return created(await answerOf(who, run))
    },
  })

/** What a routine refuses when it prepares is about what it was told to do. */
const ofOptions = (sentence: string) => new Refused('not_prepared', sentence, { options: sentence })

const show = call({
  method: 'get',
  path: '/runs/{id}',
  need: 'runs.view',
  summary: 'A run: its preview, progress and outcome; accounts and those left out 500 a page',
  query: z.strictObject({ page: pageSent() }),
  answers: { 200: runAnswerSchema },
  handle: async ({ query, ...who }) => ok(await answerOf(who, await runOf(who), Number(query.page ?? 1))),
})

const go = (registry: Registry) =>
  call({
    method: 'post',
    path: '/runs/{id}/go',
    need: 'api.use',
    summary: 'Posts exactly the preview with this hash',
    body: z.strictObject({ previewHash: z.string().max(100) }),
    answers: { 202: runState },
    key: 'call',
    handle: async ({ body, ...who }) => {
      const run = await runOf(who)
      const kind = registry.get(run.kind)
      const more = await kind.needsToPost?.(who.deps.databases.private, run.id)
      for (const permission of [kind.may.post, ...(more ?? [])]) require(who, permission)
      const posted = await goRun(who.db, run.id, body.previewHash, who.actor.id)
      if (run.state !== 'posted' && run.state !== 'reversed') await registerSoon(who.deps, registry, run.id)
      return accepted({ runId: posted.number, state: posted.state })
    },
  })

const reversal = (registry: Registry) =>
  call({
    method: 'post',
    path: '/runs/{id}/reversal',
    need: 'api.use',
    summary: 'Posts the opposite of all that a run posted; what rests on it is named, and reversed along when told to',
    body: z.strictObject({ reason: z.string().max(500), withDependents: z.boolean().optional() }),
    answers: { 201: z.object({ runId: z.string() }) },
    key: 'call',
    handle: async ({ body, ...who }) => {
      const run = await runOf(who)
      const { may } = registry.list.find(({ kind }) => kind === run.kind) ?? { may: undefined }
      require(who, may?.reverse ?? 'transactions.adjust')
      const all = who.deps.databases.private
      const order = {
        runId: run.id,
        reason: body.reason,
        withDependents: body.withDependents ?? false,
        actor: who.actor.id,
        today: who.today,
      }
      try {
        return created({ runId: String(await reverseRun(all, registry, order)) })
      } catch (error) {
        throw await named(who, error)
      }
    },
  })

/** What rests on it is named by its numbers: runs, and transactions entered singly of accounts that this person may see. */
async function named({ db }: Who, error: unknown): Promise<unknown> {
  const found = dependentsIn(error)
  if (!found) return error
  const rests = await nameDependents(db, found)
  return new Conflict(dependentsSentence(rests), {
    dependents: rests.runs.map((run) => run.number),
    transactions: rests.transactions.map(({ number, ...each }) => ({ transactionId: number, ...each })),
  })
}

const files = call({
  method: 'get',
  path: '/runs/{id}/files',
  need: 'runs.view',
  summary: 'The files that a run made: register, notices, county file',
  answers: { 200: filesAnswer },
  handle: async (who) => ok(await runFiles(who.db, (await runOf(who)).id)),
})

const file = call({
  method: 'get',
  path: '/runs/{id}/files/{name}',
  need: 'runs.view',
  summary: 'The bytes of a file',
  answers: { 200: null },
  handle: async (who) => {
    const found = await readRunFile(who.db, (await runOf(who)).id, who.params.name ?? '')
    if (!found) throw new NotFound('file')
    return { file: found }
  },
})
