import { createHash } from 'node:crypto'
import type { Files } from '../testing/town-folder.ts'

const PHOTO = `\xff\xd8"\0${'y'.repeat(1000)}`
const hash = (bytes: string) => createHash('sha256').update(Buffer.from(bytes, 'latin1')).digest('hex')

/** Notes with and without files: two files of one note alike in name, and equal notes that differ by their number alone. */
export const NASTY_NOTES: Files = {
  notes: `level,customer_number,location_number,type,subject,text,created,message_center,payment_center,grace_date,used_for,expiration_date,note
customer,100,,general,"Called, ""angry""","line one
line two",2025-01-02,yes,no,2025-04-01,,,1001
location,,10,visit,Gate locked,,2025-01-03,no,no,,statement,2025-12-31,N/7
account,100,10,general,Same note,,2025-01-04,no,yes,,,,2
account,100,10,general,Same note,,2025-01-04,no,yes,,,,
account,100,10,general,Same note,,2025-01-04,no,yes,,,,
`,
  note_attachments: `note,description,file,file_name,media_type,sha256,made_at
1001,"Letter, ""signed""",files/n1.pdf,Brief.pdf,application/pdf,${hash('letter')},2025-01-02T10:00:00Z
1001,"Letter, ""signed""",files/n2.pdf,Brief.pdf,application/pdf,${hash('letter, page 2')},2025-01-02T10:00:01Z
N/7,Photo,files/n3.jpg,photo.jpg,image/jpeg,${hash(PHOTO)},2025-01-03T10:00:00Z
`,
  'files/n1.pdf': 'letter',
  'files/n2.pdf': 'letter, page 2',
  'files/n3.jpg': PHOTO,
}
