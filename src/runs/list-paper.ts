import { type Day, formatDay } from '../ledger/calendar.ts'
import { Paper } from './register-paper.ts'

interface Head {
  town: string
  title: string
  today: Day
}

/** Paper for a list at the counter, with what it is about and when it was printed: end it with `oneFile`. */
export function listPaper({ town, title, today }: Head, about: readonly [label: string, value: string][]): Paper {
  // one file holds a thousand pages: more than any account or location has lines for
  const paper = new Paper(town, title, 1000)
  for (const [label, value] of about) paper.pair(label, value)
  paper.pair('Printed', formatDay(today))
  paper.gap()
  return paper
}

export async function oneFile(paper: Paper): Promise<Buffer> {
  const [file] = await paper.end()
  if (!file) throw new Error('nothing was printed')
  return file
}
