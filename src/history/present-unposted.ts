import { money, text } from '../ledger/money.ts'
import { actionsOf, type RowFacts } from './rules.ts'
import { type Frame, rowHref, type Shown, tabHref, type Waiting } from './shown.ts'

/** The unposted rows above the posted ones, each with the balance as it will be when it and those under it are posted. */
export function unpostedRows(frame: Frame, waiting: Waiting[], balance: string): Shown[] {
  let after = money(balance)
  const shown = [...waiting].reverse().map((row) => {
    after = money(after.plus(row.amount))
    return unpostedRow(frame, row, text(after))
  })
  return shown.reverse()
}

function unpostedRow(frame: Frame, row: Waiting, balance: string): Shown {
  const facts: RowFacts = {
    posted: false,
    type: row.type,
    stands: true,
    nsf: false,
    receipt: row.receipt !== null,
    transferred: false,
  }
  const receipt = `/receipts/${encodeURIComponent(row.receipt ?? '')}`
  const own = `${frame.base}/unposted/${row.id}`
  const hrefs: Record<string, string> = {
    adjust: own,
    'delete-unposted': `${own}/delete`,
    receipt,
    'email-receipt': `${receipt}/email`,
  }
  return {
    key: `u-${row.id}`,
    id: String(row.id),
    posted: false,
    href: rowHref(frame, 'unposted', String(row.id)),
    date: row.date,
    type: row.type,
    description: row.description,
    other: '',
    reference: row.receipt ? `Receipt ${row.receipt}` : `Batch ${row.runId}`,
    receipt: row.receipt ?? '',
    marks: [{ mark: 'U', says: 'Unposted' }],
    amount: row.amount,
    balance,
    actions: actionsOf(facts, frame.account, frame.may).map((action) => ({
      ...action,
      href: hrefs[action.name] ?? tabHref(frame, action.name),
    })),
    lines: (row.input.changes ?? []).map(({ service, change }) => ({ label: service, amount: change })),
    total: row.amount,
    facts: [
      { label: 'Entered', value: row.enteredAt, moment: true },
      { label: 'Entered by', value: row.by },
      { label: 'Batch', value: String(row.runId), href: `/payments/batches/${row.runId}` },
      ...(row.method ? [{ label: 'Method', value: row.method }] : []),
      ...(row.reference ? [{ label: 'Reference', value: row.reference }] : []),
      ...(row.input.reason ? [{ label: 'Reason', value: row.input.reason }] : []),
    ],
    explain: '',
  }
}
