import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { CSV_LAYOUT, LAYOUT_PRESETS } from '../tax-certification/layout-preset-rules.ts'
import { apiApp, type Caller, caller } from '../testing/caller.ts'
import { create } from '../testing/certifying.ts'
import { freshTown, type TestTown } from '../testing/database.ts'
import { GOLDEN, loadTown } from '../testing/towns.ts'

let town: TestTown
let supervisor: Caller
let clerk: Caller
beforeAll(async () => {
  town = await freshTown()
  await loadTown(town.db, GOLDEN)
  await create(town.db)
  const app = apiApp(town)
  ;[supervisor, clerk] = await Promise.all([caller(town, 'supervisor', app), caller(town, 'clerk', app)])
})
afterAll(() => town.drop())

const LIST = '/county-layouts'
const OWN = {
  ...CSV_LAYOUT,
  code: 'own',
  line: [
    { name: 'PIN', source: 'parcel', format: '##-###-####' },
    { name: 'Cents', source: 'total', impliedDecimals: true },
  ],
}

describe('county layouts', () => {
  it('are listed, added, changed and deleted; ours stay', async () => {
    const ours = LAYOUT_PRESETS.map((preset) => ({ ...preset, preset: true }))
    expect((await clerk.get(LIST).expect(200)).body).toEqual(ours)
    await clerk.post(LIST, OWN).expect(403)
    expect((await supervisor.post(LIST, OWN).expect(201)).body).toEqual({ ...OWN, preset: false })
    const twice = await supervisor.post(LIST, OWN).expect(422)
    expect(twice.body.errors).toEqual({ code: 'There is already a county layout own.' })
    const named = await supervisor.put(`${LIST}/own`, { ...OWN, name: 'Ours' }).expect(200)
    expect(named.body.name).toBe('Ours')
    await supervisor.put(`${LIST}/csv`, OWN).expect(404)
    await supervisor.post(LIST, { ...OWN, code: 'csv' }).expect(422)
    expect((await clerk.get(`${LIST}/own`).expect(200)).body).toEqual({ ...OWN, name: 'Ours', preset: false })
    await clerk.get(`${LIST}/gone`).expect(404)
  })

  it('are held to the rules of the screen, and say where', async () => {
    const [pin] = OWN.line
    const { body } = await supervisor.post(LIST, { ...OWN, code: 'x', lineWidth: 9, line: [pin, pin] }).expect(422)
    expect(body.errors).toEqual({
      line: 'A line needs an amount: certified, or certified and fee.',
      lineWidth: 'A CSV file has none.',
      'line-1-name': 'There is another PIN in this record.',
    })
    await supervisor.post(LIST, { ...OWN, code: 'x', colour: 'red' }).expect(422)
    await supervisor.post(LIST, { ...OWN, code: 'x', line: [{ name: 'A', source: 'colour' }] }).expect(422)
  })

  it('name the layout of a county file', async () => {
    const options = { taxYear: 2011, layout: 'own' }
    const { body: run } = await supervisor
      .post('/runs', { kind: 'tax-certification.county-file', options })
      .expect((answer) => expect([201, 202]).toContain(answer.status))
    const { previewHash } = (await supervisor.get(`/runs/${run.runId}`)).body
    await supervisor.post(`/runs/${run.runId}/go`, { previewHash }).expect(202)
    const file = await supervisor.get(`/runs/${run.runId}/files/county-2011-own.csv`).expect(200)
    expect(file.text).toBe('PIN,Cents\n07-114-0012,22955\n')
    const gone = await supervisor
      .post('/runs', { kind: 'tax-certification.county-file', options: { ...options, layout: 'gone' } })
      .expect(422)
    expect(gone.body.detail).toContain('There are: csv, san-mateo, munis, csv-parcel, own.')
    await supervisor.delete(`${LIST}/own`).expect(200)
    await clerk.get(`${LIST}/own`).expect(404)
    await supervisor.get(`/runs/${run.runId}/files/county-2011-own.csv`).expect(200)
  })
})
