import { createHash, randomInt } from 'node:crypto'
import { generateSecret, generateURI, verifySync } from 'otplib'

const STEP_SECONDS = 30
const CODES = 10

/** A new seed of 160 bits, as authenticator apps take it (base 32). */
export const newSeed = (): string => generateSecret({ length: 20 })

/** The step of 30 seconds that a moment falls in. */
export const stepAt = (seconds: number): number => Math.floor(seconds / STEP_SECONDS)

/**
 * The step whose code was typed; undefined when it is none of this step, the one before or the one after, or when a code of
 * that step or a later one was taken already (RFC 6238; reliability.md S-6).
 */
export function stepOfCode(seed: string, code: string, lastStep: number, seconds: number): number | undefined {
  if (!/^\d{6}$/.test(code)) return undefined
  const found = verifySync({
    secret: seed,
    token: code,
    strategy: 'totp',
    epoch: Math.floor(seconds),
    epochTolerance: STEP_SECONDS,
    period: STEP_SECONDS,
    ...(lastStep > 0 ? { afterTimeStep: lastStep } : {}),
  })
  return found.valid && 'timeStep' in found ? found.timeStep : undefined
}

/** What the QR code says: the address by which an app takes up the seed. */
export const seedAddress = (issuer: string, user: string, seed: string): string =>
  generateURI({ issuer: issuer.replaceAll(':', ' '), label: user.replaceAll(':', ' '), secret: seed })

/** The seed as it is typed by hand: groups of four. */
export const inGroups = (seed: string): string => seed.match(/.{1,4}/g)?.join(' ') ?? ''

/** The QR code of an address as an SVG file of its own, black on white in light and dark. */
export async function qrImage(address: string): Promise<string> {
  // two megabytes of barcodes that hardly any request needs
  const { toSVG } = await import('bwip-js/node')
  const margin = { paddingwidth: 8, paddingheight: 8, backgroundcolor: 'FFFFFF' }
  return toSVG({ bcid: 'qrcode', text: address, scale: 4, ...margin })
}

// without i, l, o, u, 0 and 1, which are read for one another
const LETTERS = 'abcdefghjkmnpqrstvwxyz23456789'

/** Ten recovery codes as they are shown once, of 78 bits each: `k7m2-q9xw-4rtp-hh3d`. */
export const newRecoveryCodes = (): string[] =>
  Array.from({ length: CODES }, () =>
    Array.from({ length: 4 }, () => Array.from({ length: 4 }, () => LETTERS[randomInt(LETTERS.length)]).join('')).join(
      '-',
    ),
  )

/** What is kept of a recovery code, however it is typed. */
export const recoveryHash = (code: string): string =>
  createHash('sha256')
    .update(code.toLowerCase().replace(/[^a-z0-9]/g, ''))
    .digest('hex')
