import type { Express } from 'express'
import supertest, { type Test } from 'supertest'
import { apiWith } from '../api/calls.ts'
import type { Role } from '../auth/permissions.ts'
import { addTokenFor } from '../auth/tokens.ts'
import { makeRegistry } from '../runs/registry.ts'
import { CERTIFICATION_KINDS } from '../tax-certification/kinds.ts'
import { appFor, aUser } from './browser.ts'
import type { TestTown } from './database.ts'

/** A program that calls the API with a token of somebody of a role. */
export interface Caller {
  user: { id: number; name: string }
  get(path: string): Test
  post(path: string, body?: object, key?: string): Test
  put(path: string, body: object, key?: string): Test
  delete(path: string): Test
}

/** The application with the API alone. */
export const apiApp = (town: TestTown): Express =>
  appFor(town, { today: '2011-04-30', features: [apiWith(makeRegistry(CERTIFICATION_KINDS))] })

export async function caller(town: TestTown, role: Role, app: Express): Promise<Caller> {
  const user = await aUser(town, role)
  const token = await addTokenFor(town.db, user.id, 'test', 0)
  const sent = (test: Test, key?: string) => {
    const carrying = test.set('Authorization', `Bearer ${token}`)
    return key === undefined ? carrying : carrying.set('Idempotency-Key', key)
  }
  const url = (path: string) => `/api/v1${path}`
  return {
    user,
    get: (path) => sent(supertest(app).get(url(path))),
    post: (path, body = {}, key) => sent(supertest(app).post(url(path)), key).send(body),
    put: (path, body, key) => sent(supertest(app).put(url(path)), key).send(body),
    delete: (path) => sent(supertest(app).delete(url(path))),
  }
}
