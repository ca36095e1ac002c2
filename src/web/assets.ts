import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import { gzipSync } from 'node:zlib'
import type { RequestHandler } from 'express'

const folder = path.join(import.meta.dirname, '../../public')
const TYPES: Record<string, string> = {
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
}

interface Asset {
  url: string
  type: string
  bytes: Buffer
  packed: Buffer
}

// htmx comes from its package, pinned by the lock file; nothing is copied into the repository.
const FILES: Record<string, string> = {
  'app.css': path.join(folder, 'app.css'),
  'app.js': path.join(folder, 'app.js'),
  'sprite.svg': path.join(folder, 'sprite.svg'),
  'icon.svg': path.join(folder, 'icon.svg'),
  'htmx.js': createRequire(import.meta.url).resolve('htmx.org/dist/htmx.min.js'),
}

function read(name: string, file: string): Asset {
  const bytes = readFileSync(file)
  const hash = createHash('sha256').update(bytes).digest('hex').slice(0, 16)
  const extension = path.extname(name)
  return {
    url: `/static/${path.basename(name, extension)}.${hash}${extension}`,
    type: TYPES[extension] ?? 'application/octet-stream',
    bytes,
    packed: gzipSync(bytes, { level: 9 }),
  }
}

const assets = new Map(Object.entries(FILES).map(([name, file]) => [name, read(name, file)]))

/** The addresses for the layout: { css, js, htmx, sprite, icon }. A new content is a new address. */
export const assetUrls = {
  css: urlOf('app.css'),
  js: urlOf('app.js'),
  htmx: urlOf('htmx.js'),
  sprite: urlOf('sprite.svg'),
  icon: urlOf('icon.svg'),
}

function urlOf(name: string): string {
  const asset = assets.get(name)
  if (!asset) throw new Error(`No asset ${name}`)
  return asset.url
}

/** Bytes over the wire, for the weight budget. */
export const packedSize = (name: string): number => assets.get(name)?.packed.length ?? 0

/** Serves the static files from memory, kept by browsers for a year: the address carries the content's hash. */
export function staticFiles(): RequestHandler {
  const byUrl = new Map([...assets.values()].map((asset) => [asset.url, asset]))
  return (req, res, next) => {
    // Browsers ask for it by this name beside a file that has no head of its own, such as a PDF.
    if (req.path === '/favicon.ico') return res.redirect(assetUrls.icon)
    const asset = byUrl.get(req.path)
    if (!asset || (req.method !== 'GET' && req.method !== 'HEAD')) return next()
    res.set({
      'Cache-Control': 'public, max-age=31536000, immutable',
      'Content-Type': asset.type,
      Vary: 'Accept-Encoding',
    })
    if (req.acceptsEncodings('gzip')) res.set('Content-Encoding', 'gzip').send(asset.packed)
    else res.send(asset.bytes)
  }
}
