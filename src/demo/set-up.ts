import { PERIODS } from './periods.ts'
import { type TownTable, table } from './table.ts'

const SETTINGS = `
name | Village of Alder Bend
address_line_1 | 1 Village Green
city | Alder Bend
state | MN
zip | 55998
phone | 507-555-0142
timezone | America/Chicago
current_period | ${PERIODS.at(-1)}
penalty_minimum_balance | 10.00
shutoff_minimum_balance | 150.00
shutoff_periods | 2
delinquent_minimum_balance | 25.00
delinquent_periods | 1
utility_bill_minimum_balance | 5.00
overpayment_method | listed
certification_id_number | 55-0998
certification_minimum_balance | 50.00
certification_minimum_check | delinquent
certification_fee_amount | 50.00
certification_receivable_gl | 1150
certification_fee_gl | 4900
cash_gl | 1010
open_credit_gl | 2100
write_off_gl | 4990
transfer_gl | 1090
deposit_gl | 2200
opening_gl | 3900
deferred_charges | yes
customer_web_access | yes`

const GL_ACCOUNTS = `
1010 | Cash | asset
1090 | Transfers | asset
1110 | Receivable water | asset
1120 | Receivable sewer | asset
1130 | Receivable garbage | asset
1140 | Receivable storm water | asset
1145 | Receivable penalty | asset
1150 | Certified to taxes | asset
2100 | Open credit | liability
2200 | Customer deposits | liability
3900 | Opening balances | equity
4110 | Water revenue | revenue
4120 | Sewer revenue | revenue
4130 | Garbage revenue | revenue
4140 | Storm water revenue | revenue
4145 | Penalty revenue | revenue
4900 | Certification fees | revenue
4990 | Write-offs | expense`

const SERVICES = `
WA | Water | metered | yes | 1 | yes | 2 | yes | 1110 | 4110 | yes | 75.00
SE | Sewer | metered | yes | 2 | yes | 2 | yes | 1120 | 4120 | no |
GA | Garbage | flat | yes | 3 | yes | 1 | yes | 1130 | 4130 | no |
ST | Storm water | flat | yes | 4 | no | 3 | yes | 1140 | 4140 | no |
PE | Penalty | penalty | yes | 5 | yes | 2 | no | 1145 | 4145 | no |`

/** How the village counts money and what it charges. */
const MONEY: TownTable[] = [
  table('organization', 'setting,value', SETTINGS),
  table('gl_accounts', 'number,name,type', GL_ACCOUNTS),
  table(
    'services',
    'code,name,kind,active,sort,subject_to_certification,certification_periods,subject_to_penalty,receivable_gl,revenue_gl,deposit_allowed,default_deposit',
    SERVICES,
  ),
  table(
    'payment_allocation',
    'list,position,service',
    'first | 1 | GA\nfirst | 2 | SE\nsecond | 1 | ST\nthird | 1 | WA\noverpayment | 1 | WA',
  ),
  table(
    'rates',
    'code,service,name,effective_from,unit,unit_quantity,usage_rounding,base_charge,based_on,percent',
    `W-5/8 | WA | Water, 5/8 in. | 2019-01-01 | gallon | 100 | exact | 14.00 | |
W-1 | WA | Water, 1 in. | 2019-01-01 | gallon | 100 | exact | 26.00 | |
S-1 | SE | Sewer | 2019-01-01 | | | | | WA | 110`,
  ),
  table(
    'rate_blocks',
    'rate,effective_from,months,position,up_to,price',
    'W-5/8 | 2019-01-01 | | 1 | | 0.65\nW-1 | 2019-01-01 | | 1 | | 0.65',
  ),
  table('bank_codes', 'code,name', '096000014 | Prairie Bank of Alder Bend'),
  table(
    'deferred_charges',
    'code,name,active,signup,trigger,use_round_up,round_up,gl',
    'PARK | Round up for the park | yes | opt_in | payment | yes | 1.00 | 4140',
  ),
  table('periods', 'end_date,closed', PERIODS.map((end) => `${end} | ${end < '2026-09-01' ? 'yes' : 'no'}`).join('\n')),
]

/** Codes that customers, locations and their records carry. */
const CODES: TownTable[] = [
  table('customer_types', 'code,name', 'RES | Residential\nCOM | Commercial'),
  table(
    'collection_codes',
    'code,name,send_utility_bill,delinquent_notice,send_shutoff_notice,display_warning',
    'TAX | Certified to taxes | yes | no | no | yes\nBKR | Bankruptcy | yes | no | no | yes',
  ),
  table('cycles', 'code,name', '1 | Monthly east\n2 | Monthly west'),
  table('routes', 'code,name', '01 | Northside\n02 | Southside'),
  table('revenue_classes', 'code,name', 'R | Residential\nC | Commercial'),
  table(
    'condition_codes',
    'code,name,icon,exempt_shutoff_notice',
    'MEDICAL | Medical equipment at home | special | yes\nPIPES | Pipes freeze: let it drip | warn | no',
  ),
  table(
    'recurring_items',
    'item,code,name,amount,before_tax,rebate,times_to_apply',
    'SENIOR | DISC | Senior discount | 5.00 | yes | no | 0\nLEAK26 | DISC | Leak credit, monthly | 12.50 | yes | no | 6',
  ),
  table('demographic_categories', 'code,name,level', 'HOUSE | Household | account\nLAND | Land | location'),
  table(
    'demographic_items',
    'code,name,kind,demographic_category,multiplier',
    'RESID | Residents | residents | HOUSE | 55\nACRES | Irrigated acres | acres | LAND | 1',
  ),
  table(
    'user_defined_codes',
    'code,name,holder',
    'LANG | Language | customer\nZONE | Pressure zone | location\nCURB | Curb stop | location',
  ),
  table(
    'user_defined_code_values',
    'code,name,code_caption',
    `EN | English | LANG
ES | Spanish | LANG
HIGH | High zone | ZONE
LOW | Low zone | ZONE
FRONT | Front lawn | CURB
ALLEY | Alley | CURB`,
  ),
  table(
    'custom_fields',
    'code,name,holder,kind,required',
    `CALL | Best time to call | customer | text | no
PAPER | Wants the village newsletter | customer | yes_no | no
BACKFL | Backflow tested | location | date | no
DOG | Dog in yard | location | yes_no | no`,
  ),
  table('document_types', 'code,name,secure', 'APPL | Application for service | no\nLEASE | Lease | no'),
  table(
    'service_order_codes',
    'code,name,service_order_category',
    'LEAK | Look for a leak | REPAIR\nREREAD | Read again | READ\nLOCK | Lock off | OFF',
  ),
  table(
    'service_order_templates',
    'code,name,service_order_code,instructions,due_days',
    'REREAD | Read again after a high bill | REREAD | Take a picture of the register. | 3',
  ),
]

/** Everything the village defined before its first customer. */
export const SET_UP: TownTable[] = [...MONEY, ...CODES]
