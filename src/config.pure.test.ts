import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { parseConfig } from './config.ts'

const URL = 'postgres://owner@db/town'

describe('the configuration', () => {
  it('needs nothing on a fresh machine', () => {
    expect(parseConfig({})).toEqual({
      production: false,
      test: false,
      port: 3000,
      host: '127.0.0.1',
      database: { url: undefined, directUrl: undefined, pooler: false, appUrl: undefined, privateUrl: undefined },
      dataFolder: path.resolve('data'),
      keysFile: path.resolve('data/keys.json'),
      today: undefined,
      trustProxy: false,
      workers: 1,
      smtpUrl: undefined,
      mailFrom: undefined,
      logLevel: 'info',
      sessionSecret: undefined,
    })
  })

  it.each([
    ['PORT', '0', { port: 0 }],
    ['PORT', '', { port: 3000 }],
    ['HOST', '0.0.0.0', { host: '0.0.0.0' }],
    ['CLERKWELL_TODAY', '2026-02-28', { today: '2026-02-28' }],
    ['CLERKWELL_TEST', '1', { test: true, logLevel: 'error' }],
    ['CLERKWELL_TEST', '0', { test: false }],
    ['TRUST_PROXY', '2', { trustProxy: 2 }],
    ['TRUST_PROXY', 'true', { trustProxy: true }],
    ['TRUST_PROXY', '10.0.0.0/8', { trustProxy: '10.0.0.0/8' }],
    ['WEB_CONCURRENCY', '4', { workers: 4 }],
    ['SMTP_URL', 'smtp://mail:25', { smtpUrl: 'smtp://mail:25' }],
    ['CLERKWELL_KEYS', '/keys', { keysFile: '/keys' }],
    ['DATABASE_URL', URL, { keysFile: undefined }],
  ])('%s=%s', (name, value, expected) => {
    expect(parseConfig({ [name]: value })).toMatchObject(expected)
  })

  it.each([
    ['PORT', 'http', 'PORT must be a whole number.'],
    ['PORT', '70000', 'PORT must be at most 65535.'],
    ['WEB_CONCURRENCY', '0', 'WEB_CONCURRENCY must be at least 1.'],
    ['DATABASE_URL', 'mysql://x', 'DATABASE_URL must start with postgres://.'],
    ['CLERKWELL_TODAY', '2026-02-30', 'CLERKWELL_TODAY must be a day like 2026-03-01.'],
    ['CLERKWELL_TODAY', '03/01/2026', 'CLERKWELL_TODAY must be a day like 2026-03-01.'],
    ['DATABASE_POOLER', 'yes', 'DATABASE_POOLER must be 1 or 0.'],
    ['SESSION_SECRET', 'short', 'SESSION_SECRET must have at least 16 characters.'],
  ])('%s=%s is refused', (name, value, sentence) => {
    expect(() => parseConfig({ [name]: value })).toThrow(sentence)
  })
})

describe('production', () => {
  const NODE_ENV = 'production'
  it('refuses to guess where the data is', () => {
    expect(() => parseConfig({ NODE_ENV })).toThrow('set DATABASE_URL')
    expect(() => parseConfig({ NODE_ENV, DATABASE_URL: '', CLERKWELL_DATA: '' })).toThrow('neither is set')
  })
  it.each([{ DATABASE_URL: URL }, { CLERKWELL_DATA: '/data' }])('takes %o', (where) => {
    expect(parseConfig({ NODE_ENV, ...where }).production).toBe(true)
  })
  it.each(['CLERKWELL_TODAY', 'CLERKWELL_TEST'])('refuses %s', (name) => {
    const value = name === 'CLERKWELL_TODAY' ? '2026-03-01' : '1'
    expect(() => parseConfig({ NODE_ENV, CLERKWELL_DATA: '/data', [name]: value })).toThrow(`${name} `)
  })
})

it('behind a pooler the two roles need addresses of their own', () => {
  expect(() => parseConfig({ DATABASE_URL: URL, DATABASE_POOLER: '1' })).toThrow('DATABASE_APP_URL')
  const complete = { DATABASE_URL: URL, DATABASE_POOLER: '1', DATABASE_APP_URL: URL, DATABASE_PRIVATE_URL: URL }
  expect(parseConfig(complete).database.pooler).toBe(true)
})
