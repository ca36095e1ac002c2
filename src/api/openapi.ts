import { STATUS_CODES } from 'node:http'
import { z } from 'zod'
import { BASE, type Call, nameOf } from './call.ts'
import { problem } from './schemas.ts'

const REFUSED = [400, 401, 403, 404, 409, 422]

/** The OpenAPI 3.1 document of the calls, out of the very declarations that check what is sent. */
export function openapi(calls: readonly Call[], version: string): object {
  const paths: Record<string, Record<string, object>> = {}
  for (const each of calls) {
    paths[each.path] ??= {}
    Object.assign(paths[each.path] ?? {}, { [each.method]: operation(each) })
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Clerkwell',
      version,
      description: 'Amounts are text with two decimals, dates ISO, ids text, tax years numbers, a missing value null.',
    },
    servers: [{ url: BASE }],
    security: [{ token: [] }],
    components: {
      securitySchemes: { token: { type: 'http', scheme: 'bearer' } },
      schemas: { Problem: schemaOf(problem) },
      responses: {
        Problem: {
          description: 'Refused',
          content: content('application/problem+json', { $ref: '#/components/schemas/Problem' }),
        },
      },
    },
    paths,
  }
}

const content = (mediaType: string, schema: object) => ({ [mediaType]: { schema } })

function schemaOf(schema: z.ZodType): object {
  const { $schema, ...rest } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' })
  return rest
}

function operation(each: Call): object {
  return {
    operationId: operationId(each),
    summary: each.summary,
    ...(each.need === 'signed-in' ? {} : { 'x-permission': each.need }),
    parameters: [...pathParameters(each), ...queryParameters(each), ...(each.key ? [KEY] : [])],
    ...(each.body
      ? { requestBody: { required: true, content: content('application/json', schemaOf(each.body)) } }
      : {}),
    responses: {
      ...answersOf(each),
      ...Object.fromEntries(REFUSED.map((status) => [status, { $ref: '#/components/responses/Problem' }])),
    },
  }
}

/** `post /accounts/{number}/payments` → `postAccountsNumberPayments`. */
const operationId = ({ method, path }: Call): string =>
  method + path.replace(/[^A-Za-z]+([A-Za-z]?)/g, (_, letter: string) => letter.toUpperCase())

const KEY = {
  name: 'Idempotency-Key',
  in: 'header',
  description: 'Kept 30 days per user and path: the same key with the same body gives the first answer.',
  schema: { type: 'string', minLength: 1, maxLength: 255 },
}

const pathParameters = ({ path }: Call) =>
  nameOf(path).map((name) => ({ name, in: 'path', required: true, schema: { type: 'string' } }))

function queryParameters({ query }: Call) {
  if (!query) return []
  const { properties = {}, required = [] } = z.toJSONSchema(query, { io: 'input' })
  return Object.entries(properties).map(([name, schema]) => ({
    name,
    in: 'query',
    required: required.includes(name),
    schema,
  }))
}

function answersOf({ answers }: Call) {
  return Object.fromEntries(
    Object.entries(answers).map(([status, schema]) => [
      status,
      {
        description: STATUS_CODES[status] ?? '',
        content: schema
          ? content('application/json', schemaOf(schema))
          : content('application/octet-stream', { type: 'string', format: 'binary' }),
      },
    ]),
  )
}
