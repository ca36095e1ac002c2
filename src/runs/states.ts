import { sql } from 'drizzle-orm'

/** States of a run that is neither posted nor given up: it still takes changes. */
export const OPEN: readonly string[] = ['preparing', 'prepared', 'failed']

/** The same in SQL, as text and no parameters, for the planner to see: `state in ${OPEN_STATES}`. */
export const OPEN_STATES = sql.raw(`('${OPEN.join("', '")}')`)
