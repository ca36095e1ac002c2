import { NotFound } from '../errors.ts'
import type { RunKind } from './kind.ts'

/** The run kinds of this release; until a kind exists its name is not found. */
export interface Registry {
  list: RunKind[]
  get(kind: string): RunKind
}

export function makeRegistry(kinds: RunKind[]): Registry {
  return {
    list: kinds,
    get(kind) {
      const found = kinds.find((known) => known.kind === kind)
      if (!found) throw new NotFound('run kind')
      return found
    },
  }
}
