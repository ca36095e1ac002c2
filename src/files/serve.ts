import type { Response } from 'express'
import type { Db } from '../db/db.ts'
import { Refused } from '../errors.ts'
import { upload } from '../web/body.ts'
import { bytesOf } from './kept.ts'
import { plainName, typeOf } from './rules.ts'

export interface Sent {
  name: string
  mediaType: string
  bytes: Buffer
}

/** The file of a form's file box, under a name that can be shown; undefined when none was chosen. Refuses other types. */
export function fileSent(res: Response, field = 'file'): Sent | undefined {
  const sent = upload(res, field)
  if (!sent) return undefined
  const name = plainName(sent.name)
  const mediaType = typeOf(name)
  if (mediaType) return { name, mediaType, bytes: sent.bytes }
  const sentence = 'Files of this type are not kept: send a PDF, a picture, a text, or a document of an office program.'
  throw new Refused('file_type', sentence, { [field]: sentence })
}

/** Sends kept bytes as a file to save: never shown as a page, never guessed at, nothing in it runs. */
export async function sendKept(
  res: Response,
  db: Db,
  kept: { fileId: number; name: string; mediaType: string },
): Promise<void> {
  const bytes = await bytesOf(db, kept.fileId)
  res.attachment(kept.name)
  res.setHeader('Content-Type', kept.mediaType)
  res.setHeader('Content-Security-Policy', "default-src 'none'; sandbox")
  res.send(bytes)
}
