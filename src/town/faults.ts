/** Why an import is refused: a place in a file and the reason in words. `column` is empty where the whole row or file is meant. */
export interface Fault {
  file: string
  line: number
  column: string
  reason: string
}

/** Further reading would only tell more of the same. */
export class TooManyFaults extends Error {}

const MOST = 100

/** Collects what is wrong with a folder, so that one try names many faults. Throws TooManyFaults at the hundredth. */
export class Faults {
  readonly list: Fault[] = []

  add(file: string, line: number, column: string, reason: string): void {
    this.list.push({ file, line, column, reason })
    if (this.list.length >= MOST) throw new TooManyFaults()
  }

  get none(): boolean {
    return this.list.length === 0
  }
}

/** `transactions.csv:12:amount: reason`, as standard error shows it. */
export const faultText = ({ file, line, column, reason }: Fault): string =>
  `${file}:${line}:${column === '' ? '-' : column}: ${reason}`
