import type { Config } from '../config.ts'

/** What a command may use; tests give their own. Standard output carries the result only. */
export interface Io {
  config: Config
  out(text: string): void
  err(text: string): void
  stdin(): Promise<string>
}

/** Wrong usage: exit 2. */
export class Usage extends Error {}

/** 0 done, 1 refused or a check failed. */
export type Exit = 0 | 1

export interface Command {
  usage: string
  does: string
  run(args: string[], io: Io): Promise<Exit>
}
