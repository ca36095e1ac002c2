import { text } from '../ledger/money.ts'
import { type DraftFacts, draftAmount } from './rules.ts'
import { type Kept, masksOf, optionOf } from './tab.ts'

/** An automatic payment as it is answered: protected values masked. */
export function autoPaymentView(kept: Kept | undefined) {
  const masks = masksOf(kept ?? null)
  return {
    type: kept?.type ?? 'none',
    status: kept?.state ?? 'ended',
    since: kept?.stateSince ?? null,
    notifyInAdvance: kept?.notifyInAdvance ?? false,
    accountType: kept?.accountType ?? null,
    bankRoutingNo: kept?.routing ?? null,
    bank: kept?.bank ?? null,
    accountNo: masks.bankAccount,
    paymentToken: masks.token,
    specialOption: kept?.special ?? 'balance',
    maximum: kept?.maximum ?? null,
    fixed: kept?.fixed ?? null,
  }
}

/** What would be drafted now; nothing where nothing is set up. */
export function explainedDraft(kept: Kept | undefined, facts: DraftFacts): { amount: string; why: string } {
  if (!kept || kept.type === 'none') return { amount: '0.00', why: 'No automatic payment is set up.' }
  const { amount, why } = draftAmount(optionOf(kept), facts)
  return { amount: text(amount), why }
}
