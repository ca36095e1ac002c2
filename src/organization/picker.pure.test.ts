import { describe, expect, test } from 'vitest'
import { availableFor, closePicker, isPickerAction, type PickerState, pickerStep } from './picker.ts'

const none = { first: [], second: [], third: [], overpayment: [], exclude: [] }
const ticks = (available: string[], chosen: string[] = []) => ({ available, chosen })
const open: PickerState = { lists: { ...none, first: ['WA', 'SE'] }, open: 'first', picked: ['A', 'B', 'C', 'D'] }

describe('the Select picker of Payment Allocation', () => {
  test('004-010 Select opens a list with what is in it, Done puts the picked ones there, Cancel leaves it', () => {
    const selected = pickerStep({ ...open, open: '', picked: [] }, 'select:first', ticks([]))
    expect(selected).toMatchObject({ open: 'first', picked: ['WA', 'SE'] })
    const added = pickerStep(selected, 'add', ticks(['GA', 'WA']))
    expect(added.picked).toEqual(['WA', 'SE', 'GA'])
    expect(pickerStep(added, 'done', ticks([]))).toEqual({
      lists: { ...none, first: ['WA', 'SE', 'GA'] },
      open: '',
      picked: [],
    })
    expect(pickerStep(added, 'cancel', ticks([])).lists.first).toEqual(['WA', 'SE'])
  })

  test('ticked lines move together, keep their order and stay at the end', () => {
    const up = (codes: string[]) => pickerStep(open, 'up', ticks([], codes)).picked.join('')
    const down = (codes: string[]) => pickerStep(open, 'down', ticks([], codes)).picked.join('')
    expect([up(['C']), up(['A']), up(['A', 'B']), up(['B', 'D'])]).toEqual(['ACBD', 'ABCD', 'ABCD', 'BADC'])
    expect([down(['A', 'B']), down(['D']), down(['A', 'D'])]).toEqual(['CABD', 'ABCD', 'BACD'])
    expect(pickerStep(open, 'remove', ticks([], ['B', 'C'])).picked).toEqual(['A', 'D'])
  })

  test('another Select keeps what was picked, and Save takes an open picker as done', () => {
    expect(pickerStep(open, 'select:exclude', ticks([]))).toEqual({
      lists: { ...none, first: ['A', 'B', 'C', 'D'] },
      open: 'exclude',
      picked: [],
    })
    expect(closePicker(open).lists.first).toEqual(['A', 'B', 'C', 'D'])
  })

  test('a service of another priority list is named there; the overpayment lists offer every service', () => {
    const state: PickerState = { lists: { ...none, second: ['GA'] }, open: 'first', picked: ['WA'] }
    const services = [
      { code: 'WA', name: 'Water' },
      { code: 'GA', name: 'Garbage' },
      { code: 'PE', name: 'Penalty' },
    ]
    expect(availableFor(state, services).map(({ code, elsewhere }) => code + elsewhere)).toEqual(['GAsecond', 'PE'])
    expect(availableFor({ ...state, open: 'overpayment' }, services)).toContainEqual({
      code: 'GA',
      name: 'Garbage',
      elsewhere: '',
    })
    expect([isPickerAction('select:third'), isPickerAction('select:none'), isPickerAction('save')]).toEqual([
      true,
      false,
      false,
    ])
  })
})
