import type { AddressInfo } from 'node:net'
import { createServer, type Server, type Socket } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Refused } from '../errors.ts'
import { type MailDeps, sendMail, sendsMail } from './send.ts'

let server: Server
let heard: string[] = []
let refusing = false

/** As much of a mail server as a message needs. */
function talk(socket: Socket): void {
  let inData = false
  socket.write('220 test ESMTP\r\n')
  socket.on('data', (chunk) => {
    const said = chunk.toString()
    heard.push(said)
    if (inData) {
      if (!said.endsWith('\r\n.\r\n')) return
      inData = false
      socket.write('250 taken\r\n')
      return
    }
    if (/^DATA/i.test(said)) inData = true
    const no = refusing && /^RCPT/i.test(said)
    socket.write(no ? '550 no such user\r\n' : inData ? '354 go on\r\n' : '250 fine\r\n')
    if (/^QUIT/i.test(said)) socket.end()
  })
}

beforeAll(async () => {
  server = createServer(talk).listen(0, '127.0.0.1')
  await new Promise((done) => server.once('listening', done))
})
afterAll(() => server.close())

const deps = (): MailDeps => ({
  config: {
    smtpUrl: `smtp://127.0.0.1:${(server.address() as AddressInfo).port}`,
    mailFrom: 'office@ashford.example',
  },
  log: { error: () => {} } as unknown as MailDeps['log'],
})
const mail = (to: string) => ({
  ...{ to, from: 'office@ashford.example', subject: 'Your statement', text: 'It is attached.' },
  attachments: [{ name: 'statement-1.pdf', mediaType: 'application/pdf', content: Buffer.from('%PDF-') }],
})

describe('with SMTP_URL a message is sent', () => {
  it('to the one address, with its attachment', async () => {
    expect(sendsMail(deps())).toBe(true)
    heard = []
    await sendMail(deps(), mail('mary@example.org'))
    expect(heard.join('')).toContain('RCPT TO:<mary@example.org>')
    expect(heard.join('')).toContain('filename=statement-1.pdf')
  })

  it('nothing without an address, and a server that does not take it is said', async () => {
    await expect(sendMail(deps(), mail(''))).rejects.toThrow(Refused)
    await expect(sendMail(deps(), mail('a:b@example.org'))).rejects.toThrow('it is not one e-mail address')
    refusing = true
    await expect(sendMail(deps(), mail('nobody@example.org'))).rejects.toThrow('did not take the message')
  })
})
