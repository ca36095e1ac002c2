import { customerType, revenueClass } from '../db/tables/organization.ts'
import { conditionCode } from '../db/tables/terms.ts'
import { codeAndName } from '../organization/code-fields.ts'
import { setupTable, usedBy } from '../tables/table.ts'
import { field } from '../web/form.ts'
import { checkboxInput, codeInput, optional, selectInput } from '../web/inputs.ts'

/** Pictures of the sprite that a condition may carry to the dashboard's cards. */
const ICONS = ['special', 'warn', 'info', 'phone', 'lien', 'meter', 'person', 'calendar'] as const

const tick = (label: string) => field(checkboxInput(), { label, input: 'checkbox' })
const pick = (label: string, hint: string) => field(optional(codeInput()), { label, input: 'select', hint })

/** Organization > Special Conditions: what each takes somebody out of, and who may have it [001-512]. */
export const conditionCodes = setupTable({
  table: conditionCode,
  name: 'condition_code',
  path: '/organization/special-conditions',
  menu: 'Organization > Special Conditions',
  title: 'Special Conditions',
  singular: 'special condition',
  plural: 'special conditions',
  file: 'condition_codes.csv',
  fields: {
    ...codeAndName,
    icon: field(optional(selectInput(ICONS)), {
      label: 'Icon',
      input: 'select',
      size: 'sm',
      options: ICONS,
      hint: 'Shown on the dashboard while the condition is in force, with its name.',
    }),
    exemptPenalty: tick('No penalty'),
    exemptInterest: tick('No interest'),
    exemptStatement: tick('No statement printed'),
    exemptDelinquentNotice: tick('No delinquent notice'),
    exemptShutoffNotice: tick('No shutoff notice'),
    exemptCertification: tick('Not certified to the tax roll'),
    requiresKind: field(optional(selectInput(['individual', 'profit', 'non_profit', 'government'])), {
      label: 'Only for customers of kind',
      input: 'select',
      options: [
        { value: 'individual', label: 'Individual' },
        { value: 'profit', label: 'Profit' },
        { value: 'non_profit', label: 'Non-Profit' },
        { value: 'government', label: 'Government' },
      ],
    }),
    requiresCustomerTypeId: pick('Only for Customer Type', 'Empty = any.'),
    requiresRevenueClassId: pick('Only for Revenue Class', 'Of the location. Empty = any.'),
  },
  code: 'code',
  columns: ['code', 'name', 'icon', 'exemptPenalty', 'exemptStatement', 'exemptShutoffNotice', 'exemptCertification'],
  lookup: ['code', 'name'],
  groups: [
    { title: 'Condition', fields: ['code', 'name', 'icon'] },
    {
      title: 'Takes out of',
      fields: [
        'exemptPenalty',
        'exemptInterest',
        'exemptStatement',
        'exemptDelinquentNotice',
        'exemptShutoffNotice',
        'exemptCertification',
      ],
    },
    { title: 'Who may have it', fields: ['requiresKind', 'requiresCustomerTypeId', 'requiresRevenueClassId'] },
  ],
  links: {
    requiresCustomerTypeId: { table: customerType, code: 'code', label: 'name' },
    requiresRevenueClassId: { table: revenueClass, code: 'code', label: 'name' },
  },
  usage: [
    usedBy(
      'special_condition',
      'condition_code_id',
      'account, customer or location',
      'accounts, customers or locations',
    ),
  ],
})
