import { readSetting, rowName, settingNamed, writeSetting } from '../../organization/settings.ts'
import { column, text } from '../columns.ts'
import { words } from '../kinds.ts'
import type { SetUpRow, TownFile } from '../town-file.ts'

/** Settings by name. What GL accounts and services they name is looked at when all set-up files are read. */
export const organization: TownFile = {
  name: 'organization.csv',
  table: 'public.setting',
  conflict: ['name'],
  key: ['setting'],
  where: `t.value <> ''`,
  columns: [column('setting', words, { into: 'name', required: true }), text('value')],
  complete(row, picture) {
    const value = fitting(row)
    if (value === undefined) return
    row.values.value = value
    picture.settings.set(row.cell('setting'), { value, line: row.line })
  },
}

function fitting(row: SetUpRow): string | undefined {
  const named = settingNamed(row.cell('setting'))
  if (named === undefined || rowName(named) !== row.cell('setting')) {
    row.fault('setting', `there is no setting ${row.cell('setting')}`)
    return undefined
  }
  if (row.cell('value') === '') return ''
  const read = readSetting(named, row.cell('value'))
  if (read.ok) return writeSetting(named, read.value as never)
  row.fault('value', `${row.cell('setting')}: ${read.detail.says}`)
  return undefined
}
