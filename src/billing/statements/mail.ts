import type { DuplicateContact } from '../../contacts/duplicates.ts'
import { Forbidden, Refused } from '../../errors.ts'
import { statementsByEmail } from '../../history/rules.ts'
import type { Mail } from '../../mail/message.ts'
import { isAddress } from '../../mail/rules.ts'
import type { MailDeps } from '../../mail/send.ts'
import { settings } from '../../organization/settings.ts'
import type { Context } from '../../web/context.ts'
import { duplicatesPdf, note, type StatementRow, statementFile } from './service.ts'

type Who = Pick<Context, 'db' | 'actor' | 'may'>

/** Whether the organization sends this customer's statements by e-mail (001-398); refuses in words. */
async function refuseUnlessEmailed({ db, may }: Pick<Who, 'db' | 'may'>, emailNotices: boolean): Promise<void> {
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
export const addressOf = (email: string | null): string => (email && isAddress(email) ? email : '')

/** The message with a statement, addressed by itself where the customer has an e-mail address (001-395). */
export async function statementMail(who: Who, deps: MailDeps, row: StatementRow): Promise<Mail> {
  await refuseUnlessEmailed(who, row.emailNotices)
  return messageOf(who, deps, row, addressOf(row.email), await statementFile(who.db, row))
}

/** The message with a contact's duplicate; the contact's own Notices choice asked for it (001-393). */
export const duplicateMail = async (
  who: Who,
  deps: MailDeps,
  row: StatementRow,
  contact: DuplicateContact,
): Promise<Mail> => messageOf(who, deps, row, addressOf(contact.email), await duplicatesPdf(row, [contact]))

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
