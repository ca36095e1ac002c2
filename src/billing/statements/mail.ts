import type { DuplicateContact } from '../../contacts/duplicates.ts'
import type { Db } from '../../db/db.ts'
import { Forbidden, Refused } from '../../errors.ts'
import { statementsByEmail } from '../../history/rules.ts'
import type { Mail } from '../../mail/message.ts'
import { isAddress } from '../../mail/rules.ts'
import { type MailDeps, noAddress, sendsMail } from '../../mail/send.ts'
import { settings } from '../../organization/settings.ts'
import type { Context } from '../../web/context.ts'
import { duplicatesPdf, note, type Recipient, type StatementRow, statementFile } from './service.ts'

type Who = Pick<Context, 'db' | 'actor' | 'may'>

/** Whether the organization sends this customer's statements by e-mail (001-398). */
export const emailsStatements = async (db: Db, emailNotices: boolean): Promise<boolean> =>
  statementsByEmail((await settings(db)).emailStatements, emailNotices)

/** Refuses in words where the customer's statements are not sent by e-mail. */
export async function refuseUnlessEmailed({ db, may }: Pick<Who, 'db' | 'may'>, emailNotices: boolean): Promise<void> {
  if (!may('billing.prepare')) throw new Forbidden('billing.prepare')
  const { emailStatements } = await settings(db)
  if (statementsByEmail(emailStatements, emailNotices)) return
  const sentence =
    emailStatements === 'off'
      ? 'The organization sends no statements by e-mail (Organization > Organization > Billing).'
      : 'Email notices is not ticked for this customer.'
  throw new Refused('no_email_statements', sentence)
}

/** A customer's stored address where it is one; empty where there is none. */
export const mailTo = (email: string | null): string => (email && isAddress(email) ? email : '')

/** The same before a statement is made to be sent: where messages go out from here, they need an address too. */
export async function refuseUnlessSendable(
  who: Who,
  deps: MailDeps,
  { email, emailNotices }: Recipient,
): Promise<void> {
  await refuseUnlessEmailed(who, emailNotices)
  if (sendsMail(deps) && mailTo(email) === '') throw noAddress()
}

/** The message with a statement, addressed by itself where the customer has an e-mail address (001-395). */
export async function statementMail(who: Who, deps: MailDeps, row: StatementRow): Promise<Mail> {
  await refuseUnlessEmailed(who, row.emailNotices)
  return messageOf(who, deps, row, mailTo(row.email), await statementFile(who.db, row))
}

/** The message with a contact's duplicate; the contact's own Notices choice asked for it (001-393). */
export const duplicateMail = async (
  who: Who,
  deps: MailDeps,
  row: StatementRow,
  contact: Pick<DuplicateContact, 'name' | 'lines' | 'email'>,
): Promise<Mail> => messageOf(who, deps, row, mailTo(contact.email), await duplicatesPdf(row, [contact]))

async function messageOf(
  who: Who,
  { config }: MailDeps,
  row: StatementRow,
  to: string,
  content: Buffer,
): Promise<Mail> {
  const set = await settings(who.db)
  return {
    to,
    from: config.mailFrom ?? '',
    subject: set.emailSubject,
    text: `${set.emailText}\n\n${set.name}\n`,
    attachments: [
      {
        name: `statement-${row.number}.pdf`.replace(/[^\w.-]/g, '_'),
        mediaType: 'application/pdf',
        content,
      },
    ],
  }
}

export const noteMail = (who: Who, row: StatementRow): Promise<void> => note(who, row, 'email')
