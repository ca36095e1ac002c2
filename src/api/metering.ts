import { z } from 'zod'
import { NotFound, Refused } from '../errors.ts'
import { exchangeMeter, installMeter, removeMeter } from '../metering/installations.ts'
import { spansOf, totalUsage } from '../metering/rules.ts'
import { enterReads, type Placed, placedOf } from '../metering/service.ts'
import { placeOf } from '../panel/record-service.ts'
import { call, created, type Given, ok } from './call.ts'
import { day, daySent } from './schemas.ts'

const READING = 'Write a reading like "1204" with at most two decimals.'
const readingSent = () => z.string(READING).regex(/^\d{1,10}(\.\d{1,2})?$/, READING)
const quantity = () => z.union([z.string(), z.null()])
const kind = z.enum(['actual', 'estimated']).default('actual')
const accept = z.boolean().default(false)
const numberSent = z.string().min(1).max(20)
const text = (max: number) => z.union([z.string().max(max), z.null()]).default(null)

type Who = Pick<Given<unknown, unknown>, 'db' | 'params'>

async function placedFor({ db, params }: Who) {
  const { locationId } = await placeOf(db, params.number ?? '', 'reads')
  return { locationId, placed: await placedOf(db, locationId) }
}

function standingIn(placed: readonly Placed[], number: string): Placed {
  const found = placed.find((each) => each.number === number && each.earlier === null && each.removeDate === null)
  if (!found) throw new NotFound('meter at this location')
  return found
}

const readings = call({
  method: 'get',
  path: '/accounts/{number}/readings',
  need: 'meters.view',
  summary: "Readings of the meters at an account's location, oldest first, with the usage that each ends",
  answers: {
    200: z.object({
      readings: z.array(
        z.object({
          meter: z.string(),
          service: z.string(),
          date: day,
          reading: z.string(),
          kind: z.enum(['actual', 'estimated']),
          usage: quantity(),
          days: z.number(),
        }),
      ),
    }),
  },
  handle: async (given) => {
    const { placed } = await placedFor(given)
    const list = placed.flatMap((meter) =>
      spansOf(meter, meter.reads, meter.moved).map(({ to, usage, days }) => ({
        meter: meter.number,
        service: meter.service,
        date: to.date,
        reading: to.reading,
        kind: to.kind,
        usage: usage?.toFixed() ?? null,
        days,
      })),
    )
    return ok({ readings: list.sort((a, b) => (a.date < b.date ? -1 : 1)) })
  },
})

const read = z.strictObject({ meter: numberSent, reading: readingSent(), kind, accept })

const addReadings = call({
  method: 'post',
  path: '/accounts/{number}/readings',
  need: 'meters.edit',
  summary: 'Enters reads of the meters at an account’s location, all or none; `accept` stands for Accept anyway',
  body: z.strictObject({ date: daySent(), reads: z.array(read).min(1).max(100) }),
  answers: { 201: z.object({ count: z.number() }) },
  key: 'call',
  handle: async (given) => {
    const { locationId, placed } = await placedFor(given)
    const typed = given.body.reads.map(({ meter, ...rest }) => ({
      ...rest,
      meterId: standingIn(placed, meter).meterId,
    }))
    if (new Set(typed.map(({ meterId }) => meterId)).size < typed.length)
      throw new Refused('input', 'reads: A meter stands twice.', { reads: 'A meter stands twice.' })
    try {
      return created({ count: await enterReads(given, locationId, given.body.date, typed) })
    } catch (error) {
      throw byMeter(error, placed)
    }
  },
})

/** The form's fields are called by the meter's id; a program knows its number. */
function byMeter(error: unknown, placed: readonly Placed[]): unknown {
  if (!(error instanceof Refused) || typeof error.detail !== 'object') return error
  const named = Object.entries(error.detail as Record<string, string>).map(([field, sentence]) => {
    const meter = placed.find(({ meterId }) => field === `read-${meterId}`)
    return [meter ? `reads.${meter.number}` : field, sentence]
  })
  return new Refused(error.code, error.message, Object.fromEntries(named))
}

const installations = call({
  method: 'get',
  path: '/accounts/{number}/installations',
  need: 'meters.view',
  summary: "Meters that stand or stood at an account's location, oldest first",
  answers: {
    200: z.object({
      installations: z.array(
        z.object({
          meter: z.string(),
          service: z.string(),
          installDate: z.union([day, z.null()]),
          installRead: quantity(),
          removeDate: z.union([day, z.null()]),
          usage: quantity(),
        }),
      ),
    }),
  },
  handle: async (given) => {
    const { placed } = await placedFor(given)
    return ok({
      installations: placed.map((meter) => ({
        meter: meter.number,
        service: meter.service,
        installDate: meter.installDate,
        installRead: meter.installRead,
        removeDate: meter.removeDate,
        usage: totalUsage(spansOf(meter, meter.reads, meter.moved))?.toFixed() ?? null,
      })),
    })
  },
})

const MULTIPLIER = /^\d{1,10}(\.\d{1,4})?$/
const facts = {
  dials: z.union([z.int().min(1).max(20), z.null()]).default(null),
  multiplier: z.string().regex(MULTIPLIER, 'Write a number like "10".').default('1'),
  unit: text(30),
  size: text(20),
  manufacturer: text(60),
  serial: text(40),
}
const beginning = readingSent().optional()

const install = call({
  method: 'post',
  path: '/accounts/{number}/installations',
  need: 'meters.edit',
  summary: 'Installs a meter, from stock or new (then with its service), at an account’s location',
  body: z.strictObject({
    meter: numberSent,
    date: daySent(),
    reading: beginning,
    service: z.string().max(20).default(''),
    ...facts,
  }),
  answers: { 201: z.object({ meter: z.string() }) },
  key: 'call',
  names: { number: 'meter' },
  handle: async (given) => {
    const { locationId } = await placedFor(given)
    const { meter: number, reading, ...rest } = given.body
    await installMeter(given, locationId, { ...rest, number, reading })
    return created({ meter: number })
  },
})

const remove = call({
  method: 'post',
  path: '/accounts/{number}/installations/{meter}/removal',
  need: 'meters.edit',
  summary: 'Removes a meter with its final read',
  body: z.strictObject({ date: daySent(), finalReading: readingSent(), kind, accept }),
  answers: { 200: z.object({ meter: z.string() }) },
  key: 'call',
  names: { final: 'finalReading' },
  handle: async (given) => {
    const { locationId, placed } = await placedFor(given)
    const { finalReading: reading, ...rest } = given.body
    const meter = standingIn(placed, given.params.meter ?? '')
    await removeMeter(given, locationId, meter.meterId, { ...rest, reading })
    return ok({ meter: meter.number })
  },
})

const exchange = call({
  method: 'post',
  path: '/accounts/{number}/installations/{meter}/exchange',
  need: 'meters.edit',
  summary: 'Exchanges a meter in one step: final read of the old, beginning read of the new',
  body: z.strictObject({
    date: daySent(),
    finalReading: readingSent(),
    kind,
    accept,
    newMeter: numberSent,
    reading: beginning,
    ...facts,
  }),
  answers: { 200: z.object({ meter: z.string() }) },
  key: 'call',
  names: { final: 'finalReading', number: 'newMeter' },
  handle: async (given) => {
    const { locationId, placed } = await placedFor(given)
    const { date, finalReading, kind: how, accept: yes, newMeter, reading, ...rest } = given.body
    const meter = standingIn(placed, given.params.meter ?? '')
    await exchangeMeter(given, locationId, meter.meterId, {
      removal: { date, reading: finalReading, kind: how, accept: yes },
      install: { ...rest, date, number: newMeter, service: '', reading },
    })
    return ok({ meter: newMeter })
  },
})

export const METERING_CALLS = [readings, addReadings, installations, install, remove, exchange]
