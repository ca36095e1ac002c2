import type { AllocationLists } from './rules.ts'

export const LISTS = ['first', 'second', 'third', 'overpayment', 'exclude'] as const
export type ListName = (typeof LISTS)[number]

/** The lists as the screen shows them before Save, and the list that Select has opened with what is picked for it. */
export interface PickerState {
  lists: AllocationLists
  open: ListName | ''
  picked: string[]
}

/** Ticked in Available, and in the picked list. */
export interface Ticks {
  available: string[]
  chosen: string[]
}

export type PickerAction = 'add' | 'remove' | 'up' | 'down' | 'done' | 'cancel' | `select:${ListName}`

const PRIORITIES: readonly ListName[] = ['first', 'second', 'third']

/**
 * One press of a button of the Select picker. Ticked lines move together and keep their order; what stands at the end
 * already stays. Nothing reaches the lists before Done, and nothing is stored before Save.
 */
export function pickerStep(state: PickerState, action: PickerAction, ticks: Ticks): PickerState {
  if (action === 'done') return closePicker(state)
  if (action === 'cancel') return { ...state, open: '', picked: [] }
  if (action === 'add') return { ...state, picked: [...new Set([...state.picked, ...ticks.available])] }
  if (action === 'remove') return { ...state, picked: state.picked.filter((code) => !ticks.chosen.includes(code)) }
  if (action === 'up') return { ...state, picked: movedUp(state.picked, ticks.chosen) }
  if (action === 'down') return { ...state, picked: movedUp(state.picked.toReversed(), ticks.chosen).toReversed() }
  const open = action.slice('select:'.length) as ListName
  const { lists } = closePicker(state)
  return { lists, open, picked: [...lists[open]] }
}

/** What is picked becomes the list; also what Save does with a picker that is still open. */
export function closePicker({ lists, open, picked }: PickerState): PickerState {
  return { lists: open === '' ? lists : { ...lists, [open]: picked }, open: '', picked: [] }
}

function movedUp(codes: string[], chosen: string[]): string[] {
  const moved = [...codes]
  for (const [at, code] of codes.entries()) {
    const above = moved[at - 1]
    if (!chosen.includes(code) || above === undefined || chosen.includes(above)) continue
    moved[at - 1] = code
    moved[at] = above
  }
  return moved
}

/** Services that can be added to the open list; `elsewhere` names the other priority list that has it. */
export function availableFor(state: PickerState, services: readonly { code: string; name: string }[]) {
  const others = PRIORITIES.filter((name) => PRIORITIES.includes(state.open as ListName) && name !== state.open)
  return services
    .filter(({ code }) => !state.picked.includes(code))
    .map(({ code, name }) => ({ code, name, elsewhere: others.find((list) => state.lists[list].includes(code)) ?? '' }))
}

export const isPickerAction = (written: string): written is PickerAction =>
  ['add', 'remove', 'up', 'down', 'done', 'cancel'].includes(written) ||
  LISTS.some((list) => written === `select:${list}`)

export const isListName = (name: string): name is ListName => (LISTS as readonly string[]).includes(name)
