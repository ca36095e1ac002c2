import { createHash } from 'node:crypto'
import { fieldKeys, haveKeys } from '../secrets/keys.ts'
import { placeOf, sealField } from '../secrets/seal.ts'
import { DEMO_DAY } from './periods.ts'
import { made, type TownTable, table } from './table.ts'

/** The lease that Birch brought along. */
export const LEASE = {
  path: 'files/documents/1002/1',
  text: 'Lease\n\nDora Doyle lets 40 Depot Ln to Bert Birch from 06/01/2025.\nThe tenant pays the village for water, sewer, garbage and storm water.\n',
}

/** People beside the customers: Birch's sister, his employer and his landlord, Avery's daughter. */
const contacts: TownTable[] = [
  table(
    'master_contacts',
    'master_contact,name,address_line_1,city,state,zip,phone',
    'MC-1 | Dora Doyle | 23 Bench Rd | Alder Bend | MN | 55998 | 507-555-1004',
  ),
  table(
    'contacts',
    'contact,customer_number,location_number,type,notices,first_name,last_name,birth_date,master_contact',
    `1 | 1002 | | emergency | none | Hanna | Birch | 1984-03-09 |
2 | 1002 | | employer | none | Quarry | Works | |
3 | | 5002 | landlord | mail | Dora | Doyle | | MC-1
4 | 1001 | | secondary | email | June | Avery | 1991-11-30 |`,
  ),
  table(
    'contact_addresses',
    'contact,primary,type,address_line_1,city,state,zip,country',
    '1 | yes | home | 118 Lake Dr | Alder Bend | MN | 55998 | USA\n2 | yes | work | 1 Quarry Ct | Alder Bend | MN | 55998 | USA\n3 | yes | home | 23 Bench Rd | Alder Bend | MN | 55998 | USA',
  ),
  table(
    'contact_emails',
    'contact,primary,type,address',
    '1 | yes | home | hanna.birch@example.org\n4 | yes | home | june.avery@example.org',
  ),
  table(
    'contact_phones',
    'contact,primary,type,number,extension,description',
    '1 | yes | mobile | 507-555-0166 | |\n2 | yes | work | 507-555-0188 | 12 | Pay office\n3 | yes | home | 507-555-1004 | | After five',
  ),
]

/** What the clerks wrote down and what waits to be done. */
const papers: TownTable[] = [
  table(
    'notes',
    'level,customer_number,location_number,type,subject,text,created,message_center,payment_center,grace_date',
    `account | 1002 | 5002 | billing | Three payments agreed | Came to the counter with the September bill. No penalty before the first payment. | 2026-10-20 | yes | yes | 2026-11-20
customer | 1002 | | general | Works nights | Call after two. | 2025-08-12 | no | no |
location | | 5002 | general | Key of the gate | Hangs at the pump house, hook 40. | 2026-03-02 | yes | no |
customer | 1001 | | general | Away in winter | Mail goes to Mesa from November to March. | 2025-09-15 | yes | no |
account | 1003 | 5003 | complaint | Says the meter is wrong | Tested on 05/11/2026: it counts as it should. | 2026-05-11 | no | no |`,
  ),
  table(
    'service_orders',
    'service_order,customer_number,location_number,code,description,instructions,requested,due,urgent,assigned_to,completed,result',
    `1 | 1002 | 5002 | REREAD | October read is twice the year before | Take a picture of the register. | 2026-10-27 | 2026-10-30 | no | Ned | |
2 | 1002 | 5002 | LEAK | Wet lawn at the curb stop | | 2026-06-03 | 2026-06-05 | yes | Ned | 2026-06-04 | Packing replaced.
3 | 1003 | 5003 | LOCK | Two bills unpaid | Leave the notice at the door. | 2026-10-19 | 2026-11-02 | no | | |`,
  ),
  made('documents', 'customer_number,added,type,description,file,file_name,media_type,sha256,made_at', [
    [
      '1002',
      '2025-07-01',
      'LEASE',
      'Lease of 40 Depot Ln',
      LEASE.path,
      'lease.txt',
      'text/plain',
      createHash('sha256').update(LEASE.text).digest('hex'),
      '2025-07-01T15:00:00Z',
    ],
  ]),
  table(
    'permits',
    'location_number,permit_number,description',
    '5002 | 26-014 | Lawn sprinkler\n5001 | 25-031 | Second meter for the garden',
  ),
]

/** What bills and collections look at. */
const terms: TownTable[] = [
  table(
    'special_conditions',
    'level,customer_number,location_number,code,effective_date,expiration_date',
    'account | 1002 | 5002 | MEDICAL | 2026-04-01 | 2027-03-31\nlocation | | 5003 | PIPES | 2025-11-01 |',
  ),
  table(
    'applied_items',
    'level,customer_number,location_number,item,effective_date,times_to_apply,times_applied',
    'account | 1002 | 5002 | LEAK26 | 2026-07-01 | 6 | 3\ncustomer | 1001 | | SENIOR | 2025-07-01 | 0 | 15',
  ),
  table(
    'demographics',
    'demographic,level,customer_number,location_number,item',
    '1 | account | 1002 | 5002 | RESID\n2 | location | | 5002 | ACRES\n3 | account | 1001 | 5001 | RESID',
  ),
  table(
    'demographic_values',
    'demographic,effective_date,value',
    '1 | 2025-07-01 | 2\n1 | 2026-05-15 | 3\n2 | 2025-07-01 | 0.25\n3 | 2025-07-01 | 1',
  ),
  table(
    'demographic_variances',
    'demographic,variance,amount,value,effective_date,expiration_date,reference',
    '1 | Summer guests | 0 | 2 | 2026-06-15 | 2026-08-31 | Told at the counter',
  ),
  table(
    'assigned_codes',
    'customer_number,location_number,code,value',
    '1002 | | LANG | ES\n1001 | | LANG | EN\n | 5002 | ZONE | LOW\n | 5002 | CURB | ALLEY',
  ),
  table(
    'custom_values',
    'customer_number,location_number,field,value',
    '1002 | | CALL | After two\n1001 | | PAPER | yes\n | 5002 | BACKFL | 2026-05-20',
  ),
  table(
    'landlord_agreements',
    'location_number,auto_connect,notice_copies,since',
    '5002 | yes | yes | 2025-06-01\n5009 | yes | no | 2025-06-01',
  ),
  table(
    'deposit_agreements',
    'deposit,account_number,service,amount,installments,agreed_on,description',
    'DP-1 | 1002.01 | WA | 75.00 | 1 | 2025-07-14 | Tenant',
  ),
]

/** Where Avery's mail goes in winter, and the second addresses and phones. */
const places: TownTable[] = [
  table(
    'customer_addresses',
    'customer_number,type,care_of,address_line_1,city,state,zip,country,mail_from,mail_to',
    '1001 | temporary | June Avery | 77 Saguaro Way | Mesa | AZ | 85201 | USA | 11-01 | 03-31\n1002 | work | Quarry Works | 1 Quarry Ct | Alder Bend | MN | 55998 | USA | |',
  ),
  table('customer_phones', 'customer_number,type,number', '1002 | work | 507-555-0188\n1001 | mobile | 507-555-0101'),
]

/** Birch lets the bank pay; his account number is kept sealed where the server has a key file. */
function autoPayments(): TownTable {
  const sealed = haveKeys()
    ? sealField(fieldKeys(), placeOf('auto_payment', 'demo-1002', 'bank_account'), '000123454321')
    : ''
  return made(
    'auto_payments',
    'customer_number,reference,type,notify_in_advance,account_type,bank_code,special,maximum,state,state_since,bank_account_sealed,bank_account_last4',
    [
      [
        '1002',
        'demo-1002',
        'draft',
        'yes',
        'checking',
        '096000014',
        'maximum',
        '150.00',
        'pending',
        DEMO_DAY,
        sealed,
        sealed && '4321',
      ],
    ],
  )
}

/** What hangs on the customers, locations and accounts of the cast, so that every tab of their panel has something to show. */
export const recordTables = (): TownTable[] => [...contacts, ...papers, ...terms, ...places, autoPayments()]
