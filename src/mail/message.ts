import type { MailComposerOptions } from 'nodemailer/lib/mail-composer'
import { Refused } from '../errors.ts'
import { isAddress } from './rules.ts'

/** One message with its attachments. */
export interface Mail {
  /** One address; empty where the customer has none: whoever opens the message fills it in. */
  to: string
  from: string
  subject: string
  text: string
  attachments: { name: string; mediaType: string; content: Buffer }[]
}

const oneLine = (words: string): string => words.replace(/[\p{C}\s]+/gu, ' ').trim()

/** What nodemailer takes for a mail. Refuses what is not one address: an import may have brought it. */
export function mailOptions({ to, from, subject, text, attachments }: Mail) {
  if (to !== '' && !isAddress(to))
    throw new Refused('no_email', `No message can be sent to ${to.slice(0, 100)}: it is not one e-mail address.`)
  return {
    ...(to === '' ? {} : { to: { name: '', address: to } }),
    ...(from === '' ? {} : { from }),
    subject: oneLine(subject),
    text,
    attachments: attachments.map(({ name, mediaType, content }) => ({
      filename: name,
      contentType: mediaType,
      content,
    })),
  }
}

/** The message as a file (.eml) that a mail program opens as a draft. */
export async function messageBytes(mail: Mail): Promise<Buffer> {
  const { default: MailComposer } = await import('nodemailer/lib/mail-composer')
  const options: MailComposerOptions = { ...mailOptions(mail), headers: { 'X-Unsent': '1' } }
  return new MailComposer(options).compile().build()
}
