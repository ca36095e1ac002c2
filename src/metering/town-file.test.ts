import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { freshTown, type TestTown } from '../testing/database.ts'
import { SMALL, writeFolder } from '../testing/town-folder.ts'
import { faultText } from '../town/faults.ts'
import { importTown } from '../town/import.ts'

let town: TestTown
beforeAll(async () => {
  town = await freshTown()
})
afterAll(() => town?.drop())

const place = () => /\n([^,]+),/.exec(SMALL.locations ?? '')?.[1] ?? ''
const meters = (rest: string) => `meter_number,service,location_number,install_date\nM-1,WA,${rest}\n`
const faults = async (meterRest: string, ...lines: string[]) => {
  const rows = lines.map((line) => `M-1,${place()},${line}\n`).join('')
  const files = {
    ...SMALL,
    meters: meters(meterRest),
    installations: `meter_number,location_number,install_date,remove_date\n${rows}`,
  }
  const result = await importTown(town.db, writeFolder(files), { actor: 0, today: '2025-03-20' })
  return result.ok ? [] : result.faults.map(faultText)
}

describe('installations.csv', () => {
  it('refuses a meter at two places at a time', async () => {
    const now = `${place()},2024-01-01`
    expect(await faults(now, '2023-01-01,2022-01-01')).toEqual([
      'installations.csv:2:remove_date: it is before the day it was installed',
    ])
    expect(await faults(now, '2023-01-01,2024-02-01')).toEqual([
      'installations.csv:2:remove_date: meters.csv has the meter elsewhere from 2024-01-01',
    ])
    expect(await faults(now, '2020-01-01,2023-01-01', '2022-01-01,2023-06-01')).toEqual([
      'installations.csv:3:install_date: the meter was elsewhere then',
    ])
    expect(await faults(',', '2020-01-01,2023-01-01')).toEqual([
      'installations.csv:2:meter_number: meters.csv has no later place and install date of M-1',
    ])
  })
})
