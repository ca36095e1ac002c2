/** The address names nothing, or nothing this person may know of: answered 404. `what` is the noun, as in 'account'. */
export class NotFound extends Error {
  readonly status = 404
  readonly what: string
  constructor(what: string) {
    super(`There is no such ${what}`)
    this.name = 'NotFound'
    this.what = what
  }
}

/** The signed-in person's role does not allow this: answered 403. `action` is the permission that was missing. */
export class Forbidden extends Error {
  readonly status = 403
  readonly action: string
  constructor(action: string) {
    super(`Your role does not allow this (${action})`)
    this.name = 'Forbidden'
    this.action = action
  }
}

/** Understood and refused: answered 422. `code` is the refusal of the rules, `message` a sentence for the clerk. */
export class Refused extends Error {
  readonly status = 422
  readonly code: string
  readonly detail: unknown
  constructor(code: string, message: string, detail?: unknown) {
    super(message)
    this.name = 'Refused'
    this.code = code
    this.detail = detail
  }
}

/** Somebody else changed it first, or the same key came with other content: answered 409. */
export class Conflict extends Error {
  readonly status = 409
  readonly detail: unknown
  constructor(message: string, detail?: unknown) {
    super(message)
    this.name = 'Conflict'
    this.detail = detail
  }
}

/** Start-up is refused with a plain sentence for whoever runs the server; shown without a stack, exit code 1. */
export class CannotStart extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'CannotStart'
  }
}

/** The request itself is malformed (a repeated or unknown field, a broken parameter): answered 400, never with the form. */
export class BadRequest extends Error {
  readonly status = 400
  constructor(message: string) {
    super(message)
    this.name = 'BadRequest'
  }
}
