/** A rule says no with a value: the code is a fixed word the page turns into a sentence, the detail names what it is about. */
export type Refusal = { ok: false; refusal: string; detail: Record<string, string> }
export type Result<T> = { ok: true; value: T } | Refusal

export const accept = <T>(value: T): { ok: true; value: T } => ({ ok: true, value })

export const refuse = (refusal: string, detail: Record<string, string> = {}): Refusal => ({
  ok: false,
  refusal,
  detail,
})
