import { describe, expect, it } from 'vitest'
import { alertEffect, collectionCodeEffect } from './account-update-rules.ts'

describe('collection code (U10, 000-059 to 000-062)', () => {
  it.each([
    [null, false, 'TC'],
    ['BK', false, undefined],
    [null, true, 'TC'],
    ['BK', true, 'TC'],
    ['TC', true, undefined],
  ])('customer has %s, replace %s: %s', (current, replaceExistingCollectionCode, to) => {
    expect(collectionCodeEffect({ assignCollectionCode: 'TC', replaceExistingCollectionCode }, current)?.to).toBe(to)
  })

  it('left empty changes none', () => {
    expect(collectionCodeEffect({ assignCollectionCode: null, replaceExistingCollectionCode: true }, 'BK')).toBeNull()
  })
})

describe('alert message (U11, 000-070 to 000-073)', () => {
  const effect = (existing: string[], box: boolean, mode: 'replace' | 'append', addAlertMessage = 'Certified') =>
    alertEffect({ addAlertMessage, updateCustomersWithExistingAlert: box, existingAlertMessages: mode }, existing)

  it.each([
    [[], false, 'append', { ends: [], adds: 'Certified' }],
    [[], true, 'replace', { ends: [], adds: 'Certified' }],
    [['Dog'], false, 'append', null],
    [['Dog'], false, 'replace', null],
    [['Dog', 'Key'], true, 'append', { ends: [], adds: 'Certified' }],
    [['Dog', 'Key'], true, 'replace', { ends: [0, 1], adds: 'Certified' }],
    [['Dog', 'Certified'], true, 'append', null],
    [['Dog', ' Certified '], true, 'replace', { ends: [0], adds: null }],
    [['Certified'], true, 'replace', null],
  ] as const)('%j, box %s, %s: %j', (existing, box, mode, answer) => {
    expect(effect([...existing], box, mode)).toEqual(answer)
  })

  it('a blank message changes nothing', () => {
    expect(effect(['Dog'], true, 'replace', '  ')).toBeNull()
  })
})
