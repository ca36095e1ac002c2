import { z } from 'zod'
import {
  countStatements,
  makeStatement,
  mustBeStatement,
  type StatementRow,
  statementFile,
  statementsOf,
} from '../billing/statements/service.ts'
import { call, created, ok } from './call.ts'
import { amount, day, daySent } from './schemas.ts'

const statementAnswer = z.object({
  statement: z.string(),
  date: day,
  dueDate: day,
  balanceForward: amount,
  charges: amount,
  amount,
  format: z.string(),
  madeAt: z.string().meta({ format: 'date-time' }),
})

const answerOf = ({ number, date, dueDate, balanceForward, charges, amount: due, format, madeAt }: StatementRow) => ({
  ...{ statement: number, date, dueDate, balanceForward, charges, amount: due, format },
  madeAt: new Date(madeAt).toISOString(),
})

const list = call({
  method: 'get',
  path: '/accounts/{number}/statements',
  need: 'billing.view',
  summary: 'Statements that were sent, newest first, at most a hundred',
  answers: { 200: z.object({ statements: z.array(statementAnswer) }) },
  handle: async ({ db, params: { number = '' } }) => {
    await countStatements(db, number)
    return ok({ statements: (await statementsOf(db, number)).map(answerOf) })
  },
})

const make = call({
  method: 'post',
  path: '/accounts/{number}/statements',
  need: 'billing.prepare',
  summary: 'Makes the full current statement: a record with its PDF, which is never changed; posts nothing',
  body: z.strictObject({ date: daySent().optional() }),
  answers: { 201: statementAnswer },
  key: 'call',
  handle: async ({ params, body, key, ...who }) => {
    const input = { date: body.date ?? who.today, format: 'plain' as const }
    return created(answerOf(await makeStatement(who, params.number ?? '', input, key ?? crypto.randomUUID())))
  },
})

const file = call({
  method: 'get',
  path: '/accounts/{number}/statements/{statement}/file',
  need: 'billing.view',
  summary: 'A statement as it was sent, PDF',
  answers: { 200: null },
  handle: async ({ db, params }) => {
    const row = await mustBeStatement(db, params.number ?? '', params.statement ?? '')
    const name = `statement-${row.number}.pdf`.replace(/[^\w.-]/g, '_')
    return { file: { name, mediaType: 'application/pdf', content: await statementFile(db, row) } }
  },
})

export const STATEMENT_CALLS = [list, make, file]
