import { describe, expect, it } from 'vitest'
import { standing } from './written.ts'

const SSN = '517-83-2946'

describe('a protected value is found however it is written', () => {
  it.each([
    ['as it was typed', `<td>${SSN}</td>`],
    ['without its hyphens', 'ssn=517832946&x=1'],
    ['with spaces', '517 83 2946'],
    ['in base64', Buffer.from(`{"ssn":"${SSN}"}`).toString('base64')],
    ['in base64, one sign further', Buffer.from(`{"ssn": "${SSN}"}`).toString('base64')],
    ['in base64, two signs further', Buffer.from(`{"ssn":  "${SSN}"}`).toString('base64url')],
    ['in hexadecimal digits', Buffer.from(`x${SSN}y`).toString('hex')],
    ['in UTF-16', Buffer.from(SSN, 'utf16le').toString('latin1')],
    ['with one digit more than is shown', '•••-•3-2946'],
    ['with one digit more, without hyphens', 'ends in 32946.'],
  ])('%s', (_how, text) => expect(standing(text, [SSN])).not.toEqual([]))

  it.each([
    ['its mask', '•••-••-2946'],
    ['five digits within a hash', 'a1b2c32946d4e5f60718293a4b5c6d7e'],
    ['another number', '517-83-2947'],
  ])('%s is nothing', (_what, text) => expect(standing(text, [SSN])).toEqual([]))
})
