import type { Expectations, Guard } from './health.ts'

const on = (table: string, ...triggers: string[]): Guard[] => triggers.map((trigger) => ({ table, trigger }))

/** What must stand and be always on in the database before money is posted: the guards of drizzle/functions. */
export const LEDGER: Expectations = {
  guards: [
    ...on('ledger.transaction', 'append_only', 'a_guard', 'b_source', 'c_version'),
    ...on('ledger.posting', 'append_only', 'a_guard', 'b_subledgers', 'c_journal'),
    ...on('ledger.journal', 'append_only'),
    ...on('ledger.receipt', 'append_only'),
    ...on('ledger.run_effect', 'append_only'),
    ...on('ledger.run', 'guard', 'guard_end', 'no_truncate'),
    ...on('ledger.period', 'keep_key'),
    ...on('public.account', 'b_account_ledger', 'c_posted'),
    ...on('public.audit', 'append_only'),
    ...on('public.audit_seal', 'append_only'),
    ...on('public.file_chunk', 'append_only'),
    ...on('public.service', 'derive_subledgers'),
    ...on('public.setting', 'derive_subledgers'),
    ...on('public.payment_method', 'derive_subledgers'),
  ],
  ledgerTables: [
    'ledger.transaction',
    'ledger.posting',
    'ledger.open_item',
    'ledger.certified_balance',
    'ledger.deposit_balance',
    'ledger.journal',
    'ledger.live_source',
    'ledger.receipt',
    'ledger.counter',
    'ledger.run',
    'ledger.run_effect',
    'ledger.run_file',
    'ledger.certification',
    'ledger.certification_line',
    'ledger.certification_claim',
    'ledger.account_ledger',
    'ledger.request',
  ],
}
