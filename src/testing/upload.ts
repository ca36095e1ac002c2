import type { Test } from 'supertest'
import type { Browser } from './browser.ts'

const BOUNDARY = 'boundary'.repeat(4)

/** Posts a form with a file as a browser does, with this browser's token; without a file the fields alone. */
export async function uploaded(
  by: Browser,
  url: string,
  fields: Record<string, string>,
  file?: { name: string; text: string },
): Promise<Test> {
  const part = (name: string, text: string, more = '') =>
    `--${BOUNDARY}\r\nContent-Disposition: form-data; name="${name}"${more}\r\n\r\n${text}\r\n`
  const parts = Object.entries({ _csrf: await by.token(), ...fields }).map(([name, text]) => part(name, text))
  if (file !== undefined) parts.push(part('file', file.text, `; filename="${file.name}"`))
  return by
    .bare(url)
    .set('Content-Type', `multipart/form-data; boundary=${BOUNDARY}`)
    .send(`${parts.join('')}--${BOUNDARY}--\r\n`)
}
