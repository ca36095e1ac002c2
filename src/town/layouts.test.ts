import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { allLayouts, saveLayout } from '../tax-certification/county-layouts.ts'
import { SAN_MATEO_LAYOUT } from '../tax-certification/layout-preset-rules.ts'
import { freshTown, type TestTown } from '../testing/database.ts'
import { readFolder, SMALL, writeFolder } from '../testing/town-folder.ts'
import { exportTown } from './export.ts'
import { faultText } from './faults.ts'
import { importTown } from './import.ts'
import { NASTY } from './nasty-town.ts'

let town: TestTown
beforeAll(async () => {
  town = await freshTown()
})
afterAll(() => town?.drop())

const HEAD = 'code,name,kind,line_width\n'
const FIELDS = 'layout,section,position,name,source,width,fill,format,cut\n'
const WHOLE = 'A,line,1,Parcel,parcel,9,,,\nA,line,2,Total,total,9,,,\n'

async function faults(layouts: string, fields: string): Promise<string[]> {
  const folder = writeFolder({ ...SMALL, county_layouts: HEAD + layouts, county_layout_fields: FIELDS + fields })
  const result = await importTown(town.db, folder, { actor: 0, today: '2025-03-20' })
  return result.ok ? [] : result.faults.map(faultText)
}

describe('county layouts of a town folder', () => {
  it.each<[string, string, string, string]>([
    [
      'widths that do not add up',
      'A,Own,fixed,20\n',
      WHOLE,
      'county_layouts.csv:2:line_width: the widths of the line come to 18, and a line has 20',
    ],
    [
      'a field of another record',
      'A,Own,fixed,18\n',
      `${WHOLE}A,trailer,1,Owner,owner,18,,,\n`,
      'county_layout_fields.csv:4:source: this does not stand in this record. Choose one of the list',
    ],
    [
      'a field that may not be cut',
      'A,Own,csv,\n',
      'A,line,1,Parcel,parcel,,,,yes\nA,line,2,Total,total,,,,\n',
      'county_layout_fields.csv:2:cut: only owner, address and description may be cut',
    ],
    ['no fields', 'A,Own,csv,\n', '', 'county_layouts.csv:2:-: a line needs at least one field'],
    ['a name of ours', 'csv,Own,csv,\n', '', "county_layouts.csv:2:code: csv is a name of the product's own"],
    [
      'a name that no file can have',
      'a/b,Own,csv,\n',
      '',
      'county_layouts.csv:2:code: a code has letters and digits, and . _ - between them, at most 20',
    ],
    ['a width in CSV', 'A,Own,csv,20\n', '', 'county_layouts.csv:2:line_width: a CSV file has none'],
    [
      'fields of no layout',
      'B,Own,csv,\n',
      WHOLE,
      'county_layout_fields.csv:2:layout: county_layouts.csv has no layout A',
    ],
  ])('%s: refused with its place', async (_, layouts, fields, fault) => {
    expect(await faults(layouts, fields)).toContain(fault)
  })

  it('take the place of those that are there, in the order of their positions', async () => {
    const trailer = [{ name: 'Blank', source: 'blank', width: 80 } as const]
    for (const code of ['A', 'old']) await saveLayout(town.db, { ...SAN_MATEO_LAYOUT, code, trailer }, 0)
    expect(await faults('A,Own,fixed,18\n', 'A,line,20,Total,total,9,,,\nA,line,3,Parcel,parcel,9,0,,\n')).toEqual([])
    expect((await allLayouts(town.db)).slice(4)).toEqual([
      {
        ...{
          code: 'A',
          name: 'Own',
          kind: 'fixed',
          lineWidth: 18,
          linesPer: 'parcel',
          columnNames: false,
          lineEnd: 'lf',
        },
        header: [],
        line: [
          { name: 'Parcel', source: 'parcel', width: 9, fill: '0' },
          { name: 'Total', source: 'total', width: 9 },
        ],
        trailer: [],
      },
    ])
  })

  it('travel: what was exported is the same bytes when it is exported elsewhere', async () => {
    const files = ['county_layouts.csv', 'county_layout_fields.csv'] as const
    const exported = async (from: TestTown) => {
      const folder = mkdtempSync(path.join(tmpdir(), 'clerkwell-layouts-'))
      await exportTown(from.db, folder)
      return { folder, texts: files.map((name) => readFolder(folder)[name]) }
    }
    const [first, second] = [await freshTown(), await freshTown()]
    const bring = (to: TestTown, folder: string) => importTown(to.db, folder, { actor: 0, today: '2025-03-20' })
    expect(await bring(first, writeFolder(NASTY))).toMatchObject({ ok: true })
    const there = await exported(first)
    expect(there.texts[0]).toContain('A.10,"County, ""old""",fixed,24,account,no,crlf\n')
    expect(there.texts[1]).toContain('A.10,header,1,Title,constant,24,right,*,"  a, ""b"" ",no,no,no,no\n')
    expect(await bring(second, there.folder)).toMatchObject({ ok: true })
    expect((await exported(second)).texts).toEqual(there.texts)
    expect(await allLayouts(second.db)).toEqual(await allLayouts(first.db))
    await Promise.all([first.drop(), second.drop()])
  })
})
