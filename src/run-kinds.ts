import { batchServices } from './customers/batch-services/run.ts'
import { paymentBatch } from './payments/batch.ts'
import type { RunKind } from './runs/kind.ts'
import { makeRegistry } from './runs/registry.ts'
import { CERTIFICATION_KINDS } from './tax-certification/kinds.ts'
import { townImport } from './town/import-kind.ts'

/** Every batch routine of this release. A routine is added here and nowhere else. */
export const RUN_KINDS = makeRegistry([
  ...CERTIFICATION_KINDS,
  townImport as RunKind,
  paymentBatch as RunKind,
  batchServices as RunKind,
])
