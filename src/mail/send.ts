import type { Response } from 'express'
import { Refused } from '../errors.ts'
import type { Deps } from '../web/deps.ts'
import { type Mail, mailOptions, messageBytes } from './message.ts'

export type MailDeps = { config: Pick<Deps['config'], 'smtpUrl' | 'mailFrom'>; log: Pick<Deps['log'], 'error'> }

/** Whether messages are sent from here; else they are made as files (product.md 3.23). */
export const sendsMail = ({ config }: Pick<MailDeps, 'config'>): boolean => config.smtpUrl !== undefined

export const noAddress = (): Refused => new Refused('no_email', 'The customer has no e-mail address.')

/** Sends a message through SMTP_URL. Refuses one without an address and says when the mail server does not take it. */
export async function sendMail({ config, log }: MailDeps, mail: Mail): Promise<void> {
  if (mail.to === '') throw noAddress()
  const options = mailOptions(mail)
  const { createTransport } = await import('nodemailer')
  const transport = createTransport(config.smtpUrl ?? '')
  try {
    await transport.sendMail(options)
  } catch (error) {
    log.error({ err: error }, 'The mail server did not take a message.')
    throw new Refused('mail_failed', 'The mail server did not take the message. Nothing was sent.')
  } finally {
    transport.close()
  }
}

/** Answers the message as a file to save and send by hand. */
export async function answerMessage(res: Response, name: string, mail: Mail): Promise<void> {
  const bytes = await messageBytes(mail)
  res.attachment(`${name}.eml`.replace(/[^\w.-]/g, '_'))
  res.set('Content-Type', 'message/rfc822')
  res.set('X-Content-Type-Options', 'nosniff')
  res.send(bytes)
}
