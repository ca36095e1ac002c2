import { describe, expect, it } from 'vitest'
import { changeService, type ServiceFacts } from './rules.ts'

const NONE: ServiceFacts = { activityStatus: 'Current', accountConnect: '2026-01-01', state: null, billed: false }
const HAS = {
  ...NONE,
  state: {
    serviceId: 3,
    rate: 'G-96',
    quantity: '1',
    units: '1',
    frequency: 'monthly',
    connectDate: '2026-01-01',
    disconnectDate: null,
  },
}
const ADD = {
  action: 'add',
  rate: 'G-64',
  quantity: '2',
  units: '1',
  frequency: 'monthly',
  connectDate: '2026-05-01',
} as const

describe('Batch Add/Delete Services, one account', () => {
  it('adds a service that the account never had', () => {
    expect(changeService(3, ADD, NONE)).toEqual({
      state: {
        serviceId: 3,
        rate: 'G-64',
        quantity: '2',
        units: '1',
        frequency: 'monthly',
        connectDate: '2026-05-01',
        disconnectDate: null,
      },
    })
  })
  it('leaves out who has it, who is Final, and who connects later', () => {
    expect(changeService(3, ADD, HAS)).toMatchObject({ left: { test: 'Does not have the service' } })
    expect(changeService(3, ADD, { ...NONE, activityStatus: 'Final' })).toMatchObject({ left: { value: 'Final' } })
    expect(changeService(3, { ...ADD, connectDate: '2025-12-31' }, NONE)).toHaveProperty('left')
  })
  it('deletes where never billed, disconnects where billed', () => {
    expect(changeService(3, { action: 'delete' }, HAS)).toEqual({ state: null })
    expect(changeService(3, { action: 'delete' }, { ...HAS, billed: true })).toMatchObject({
      left: { test: 'Never billed' },
    })
    const ended = changeService(3, { action: 'disconnect', disconnectDate: '2026-04-30' }, { ...HAS, billed: true })
    expect(ended).toEqual({ state: { ...HAS.state, disconnectDate: '2026-04-30' } })
  })
  it('leaves out what is disconnected already, or connected only later', () => {
    const gone = { ...HAS, state: { ...HAS.state, disconnectDate: '2026-02-01' } }
    expect(changeService(3, { action: 'disconnect', disconnectDate: '2026-04-30' }, gone)).toHaveProperty('left')
    expect(changeService(3, { action: 'disconnect', disconnectDate: '2025-04-30' }, HAS)).toHaveProperty('left')
    expect(changeService(3, { action: 'delete' }, NONE)).toHaveProperty('left')
  })
})
