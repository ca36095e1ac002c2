import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { CannotStart } from '../errors.ts'
import { isOpenToOthers, makeKeyFile, newKeys, readKeyFile, replaceKeyFile, withNewKey } from './key-file.ts'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'clerkwell-keys-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const file = (name: string) => path.join(folder, name, 'keys.json')

it('is made for its owner alone, with its folder, and read again', () => {
  const made = makeKeyFile(file('own'))
  expect(statSync(file('own')).mode & 0o777).toBe(0o600)
  expect(isOpenToOthers(file('own'))).toBe(false)
  expect(readKeyFile(file('own'))).toEqual(made)
  expect(readdirSync(path.dirname(file('own')))).toEqual(['keys.json'])
  chmodSync(file('own'), 0o644)
  expect(isOpenToOthers(file('own'))).toBe(true)
})
it('is never made over one that is there', () => {
  const first = makeKeyFile(file('twice'))
  expect(makeKeyFile(file('twice'))).toEqual(first)
})
it('grows by a key; the old ones stay', () => {
  const first = makeKeyFile(file('grown'))
  replaceKeyFile(file('grown'), withNewKey(first))
  const grown = readKeyFile(file('grown'))
  expect([...(grown?.keys.keys() ?? [])]).toEqual([...first.keys.keys(), grown?.current])
  expect(statSync(file('grown')).mode & 0o777).toBe(0o600)
})
it('that is missing is none', () => expect(readKeyFile(file('none'))).toBeUndefined())

it('that is damaged, or holds a key under a wrong name, is refused in a sentence', () => {
  makeKeyFile(file('bad'))
  const whole = readFileSync(file('bad'), 'utf8')
  const refused = (content: string) => {
    writeFileSync(file('bad'), content)
    return () => readKeyFile(file('bad'))
  }
  expect(refused('')).toThrow(CannotStart)
  expect(refused(whole.slice(0, 80))).toThrow(/is damaged/)
  expect(refused(whole.replace(/"current": "\w+"/, '"current": "00000000"'))).toThrow(/not the one it is called/)
  const other = newKeys().keys.values().next().value?.toString('base64url') ?? ''
  expect(refused(whole.replace(/(": ")[\w-]{43}"/, `$1${other}"`))).toThrow(/not the one it is called/)
})
