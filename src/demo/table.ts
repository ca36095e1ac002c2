/** One file of the town folder: its name without `.csv`, its columns, its rows. */
export interface TownTable {
  name: string
  columns: string[]
  rows: string[][]
}

/** A file written as it is read: a line a row, its cells between bars. */
export const table = (name: string, columns: string, lines: string): TownTable => ({
  name,
  columns: columns.split(','),
  rows: lines
    .trim()
    .split('\n')
    .map((line) => line.split('|').map((cell) => cell.trim())),
})

/** A file whose rows are made. */
export const made = (name: string, columns: string, rows: string[][]): TownTable => ({
  name,
  columns: columns.split(','),
  rows,
})
