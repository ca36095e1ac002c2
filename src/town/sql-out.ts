/** A moment as files write it: UTC with microseconds. */
export const utc = (expression: string): string =>
  `to_char(${expression} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`

/** Batch runs (their kind has a dot) have a number; what was imported keeps the one it came with. `run` is the run's alias. */
export const RUN_NUMBER = (table: string): string =>
  `case when run.kind like '%.%' and run.kind <> 'town.import' then coalesce(run.number, run.id::text) else ${table}.run_number end`
