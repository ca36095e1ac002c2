import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { makeRegistry } from '../runs/registry.ts'
import { appFor } from '../testing/browser.ts'
import { type Caller, caller } from '../testing/caller.ts'
import type { TestTown } from '../testing/database.ts'
import { METERED, METERING_DAY, meteringTown } from '../testing/metering-town.ts'
import { apiWith } from './calls.ts'

const AT = `/accounts/${METERED}`
let town: TestTown
let clerk: Caller
let viewer: Caller

beforeAll(async () => {
  town = await meteringTown()
  const app = appFor(town, { today: METERING_DAY, features: [apiWith(makeRegistry([]))] })
  ;[clerk, viewer] = await Promise.all([caller(town, 'clerk', app), caller(town, 'viewer', app)])
})
afterAll(() => town.drop())

describe('metering', () => {
  it('readings with the usage that each ends; none of a hidden account', async () => {
    const { body } = await viewer.get(`${AT}/readings`).expect(200)
    expect(body.readings).toHaveLength(12)
    expect(body.readings.at(-1)).toEqual({
      meter: 'M-1',
      service: 'WA',
      date: '2026-10-27',
      reading: '280',
      kind: 'estimated',
      usage: '3000',
      days: 30,
    })
    await viewer.get('/accounts/300.01/readings').expect(404)
    await viewer.post(`${AT}/readings`, {}).expect(403)
  })

  it('enters reads by the rules of the form, once a key', async () => {
    const sent = (reading: string, more = {}) => ({ date: '2026-10-31', reads: [{ meter: 'M-1', reading, ...more }] })
    const high = await clerk.post(`${AT}/readings`, sent('390')).expect(422)
    expect(high.body.errors).toEqual({ 'reads.M-1': expect.stringContaining('High') })
    await clerk.post(`${AT}/readings`, sent('x')).expect(422)
    const twice = {
      date: '2026-10-31',
      reads: [
        { meter: 'M-1', reading: '283' },
        { meter: 'M-1', reading: '284' },
      ],
    }
    await clerk.post(`${AT}/readings`, twice).expect(422)
    await clerk.post(`${AT}/readings`, { date: '2026-10-31', reads: [{ meter: 'M-9', reading: '1' }] }).expect(404)
    for (let time = 0; time < 2; time += 1) {
      const { body } = await clerk.post(`${AT}/readings`, sent('284', { accept: true }), 'key-1').expect(201)
      expect(body).toEqual({ count: 1 })
    }
    expect((await viewer.get(`${AT}/readings`)).body.readings).toHaveLength(13)
  })

  it('exchanges, removes and installs', async () => {
    const day = { date: '2026-10-31' }
    const swap = { ...day, finalReading: '284', newMeter: 'M-2', reading: '0', dials: 6 }
    await clerk.post(`${AT}/installations/M-1/exchange`, { ...swap, newMeter: 'M-1' }).expect(422)
    const refused = async (path: string, body: object) =>
      Object.keys((await clerk.post(`${AT}/installations${path}`, body).expect(422)).body.errors)
    expect(await refused('/M-1/exchange', { ...swap, newMeter: 'M-1' })).toEqual(['newMeter'])
    expect(await refused('/M-1/exchange', { ...swap, finalReading: '12345678' })).toEqual(['finalReading'])
    expect(await refused('/M-1/removal', { ...day, finalReading: '12345678' })).toEqual(['finalReading'])
    await clerk.post(`${AT}/installations/M-1/exchange`, swap).expect(200)
    await clerk.post(`${AT}/installations/M-1/removal`, { ...day, finalReading: '284' }).expect(404)
    await clerk.post(`${AT}/installations/M-2/removal`, { ...day, finalReading: '1' }).expect(200)
    await clerk.post('/accounts/200.01/installations', { ...day, meter: 'M-2' }).expect(201)
    expect(await refused('', { ...day, meter: 'M-2' })).toEqual(['meter'])
    const list = async (account: string) =>
      (await viewer.get(`/accounts/${account}/installations`).expect(200)).body.installations.map(
        (each: Record<string, unknown>) => [each.meter, each.installRead, each.removeDate, each.usage],
      )
    expect(await list(METERED)).toEqual([
      ['M-1', '99900', '2026-10-31', '38400'],
      ['M-2', '0', '2026-10-31', '1'],
    ])
    expect(await list('200.01')).toEqual([['M-2', '1', null, null]])
  })
})
