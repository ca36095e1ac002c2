import { emptyField, type Grid, type TypedField } from './county-layout-form.ts'
import type { Section } from './layout-source-rules.ts'

type Step = 'add' | 'up' | 'down' | 'remove'

/** A press of a button of the grid: `add:line`, `up:line-2`; undefined for anything else. */
export interface Press {
  step: Step
  section: Section
  at: number
}

const PRESS = /^(add|up|down|remove):(header|line|trailer)(?:-(\d{1,3}))?$/

export function pressOf(written: string): Press | undefined {
  const [, step, section, at] = PRESS.exec(written) ?? []
  if (step === undefined || section === undefined) return undefined
  return { step: step as Step, section: section as Section, at: Number(at ?? 0) }
}

/** The grid after a press, and the row it then is about. What stands at the end already stays. */
export function pressed(grid: Grid, { step, section, at }: Press): { grid: Grid; section: Section; at: number } {
  const rows = grid[section]
  if (step === 'add') return { grid: { ...grid, [section]: [...rows, emptyField()] }, section, at: rows.length }
  if (step === 'remove') {
    const left = rows.filter((_, place) => place !== at)
    return { grid: { ...grid, [section]: left }, section, at: Math.max(0, Math.min(at, left.length - 1)) }
  }
  const to = step === 'up' ? at - 1 : at + 1
  return { grid: { ...grid, [section]: swapped(rows, at, to) }, section, at: rows[to] ? to : at }
}

function swapped(rows: readonly TypedField[], at: number, to: number): TypedField[] {
  const [one, other] = [rows[at], rows[to]]
  if (!one || !other) return [...rows]
  return rows.map((row, place) => (place === at ? other : place === to ? one : row))
}
