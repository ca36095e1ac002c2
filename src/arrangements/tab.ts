import { tab } from '../accounts/tab.ts'
import { type PlanRow, plansOf } from './plans.ts'
import { planShown } from './present.ts'
import { inArrangement } from './standing-rules.ts'

/** Account Control Panel > Arrangements: the account's payment plans and the payments of the selected one [001-466]. */
export const arrangementsTab = tab<PlanRow[]>({
  path: 'arrangements',
  label: 'Arrangements',
  need: 'customers.view',
  template: 'arrangements/tab',
  // a plan that is paid or broken is in force no more, though nobody has ended it
  count: ({ marks }, day) => (inArrangement(marks.arrangement, day) ? 1 : 0),
  sql: () => plansOf,
  present: (_account, rows, { asOf, today, query, may }) => {
    const day = asOf ?? today
    const plans = rows.filter(({ madeOn }) => madeOn <= day).map((plan) => planShown(plan, day))
    return {
      plans,
      plan: plans.find(({ number }) => number === query.plan) ?? plans[0],
      mayArrange: may('accounts.terms') && asOf === undefined,
    }
  },
})
