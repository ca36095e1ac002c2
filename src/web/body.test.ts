import express from 'express'
import supertest from 'supertest'
import { describe, expect, it } from 'vitest'
import { BadRequest } from '../errors.ts'
import { parseFields, readForm, refuseRepeats, upload } from './body.ts'

describe('S-22: fields', () => {
  it('reads a form as plain text, without prototype', () => {
    const fields = parseFields('a=1&b=x+y%26&c=')
    expect(Object.getPrototypeOf(fields)).toBeNull()
    expect({ ...fields }).toEqual({ a: '1', b: 'x y&', c: '' })
  })
  it.each(['a[]=1', 'a[b]=1', '__proto__=1', 'constructor=1', 'prototype=1', 'a%5B%5D=1', 'a=%00', 'a%00=1'])(
    'refuses %s',
    (encoded) => {
      expect(() => parseFields(encoded)).toThrow(BadRequest)
    },
  )
  it('refuses more than a thousand fields', () => {
    expect(() => parseFields('a=1&'.repeat(1001))).toThrow(BadRequest)
  })
  it('refuses a field sent twice unless the route says that it may repeat', () => {
    const fields = parseFields('a=1&a=2')
    expect(() => refuseRepeats(fields)).toThrow(BadRequest)
    expect(() => refuseRepeats(fields, ['a'])).not.toThrow()
    expect(() => refuseRepeats(fields, true)).not.toThrow()
  })
  it('reads 100 kB in a blink', () => {
    const started = performance.now()
    parseFields(`a=${'%41'.repeat(80_000)}`)
    expect(performance.now() - started).toBeLessThan(200)
  })
})

describe('S-49: files', () => {
  const app = express()
  app.post('/:uploads', async (req, res) => {
    await readForm(req, res, req.params.uploads === 'yes')
    const file = upload(res, 'file')
    res.json({ fields: req.body, name: file?.name, bytes: file?.bytes.length })
  })
  app.use(
    (
      error: { status?: number; message: string },
      _req: express.Request,
      res: express.Response,
      _next: express.NextFunction,
    ) => {
      res.status(error.status ?? 500).send(error.message)
    },
  )
  const send = (uploads: string, bytes: Buffer) =>
    supertest(app).post(`/${uploads}`).field('kind', 'reads').attach('file', bytes, '../reads.csv')

  it('come with their fields where the route takes them', async () => {
    const { body } = await send('yes', Buffer.from('meter,read\n1,2\n')).expect(200)
    expect(body).toEqual({ fields: { kind: 'reads' }, name: expect.stringMatching(/reads\.csv$/), bytes: 15 })
  })
  it('are refused where it does not, when larger than 20 MB, and when broken', async () => {
    await send('no', Buffer.from('x')).expect(400)
    await send('yes', Buffer.alloc(21 * 1024 * 1024)).expect(400)
    await supertest(app).post('/yes').set('Content-Type', 'multipart/form-data; boundary=x').send('nothing').expect(400)
  })
  it('a form of another type is refused', async () => {
    await supertest(app).post('/no').send({ a: 1 }).expect(400)
  })
})
