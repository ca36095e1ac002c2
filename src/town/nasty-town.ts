import { type Files, SMALL } from '../testing/town-folder.ts'
import { NASTY_NOTES } from './nasty-notes.ts'
import { NASTY_RUNS } from './nasty-runs.ts'

const LINES = `transaction,account_number,date,period,type,description,service,amount,tax_year,reverses,ages_in,due_date,method,reference,receipt,run,gl,book,deposit,source,link,facts,recorded_at
1,100.01,2024-12-05,,Bill,"Water, ""December""
and sewer",WA,50.00,,,,,,,,,,,,,,,
1,100.01,2024-12-05,,Bill,,SE,20.00,,,,,,,,,,,,,,,
2,100.01,2025-01-10,,Pmt,Zahlung für Dezember,WA,-80.00,,,,,check,№ 17,31,,,,,,,,
3,100.01,2025-02-05,,Bill,Water,WA,40.00,,,,2025-02-28,,,,R7,,,,bill/100.01/WA/2025-02,,"{""usage"": 12, ""text"": ""é\\n\\""q\\""""}",2025-02-05T10:00:00.000001Z
4,100.01,2025-02-06,,Pmt,Newer payment,WA,-5.00,,,,,card,,,,,,,,,,
5,100.01,2025-03-01,,NSF,Returned after newer ones,WA,80.00,,2,,,,,,,,,,,,,
A-6,100.01,2025-03-02,,Dep,Deposit,,100.00,,,,,cash,,32,,,deposit,D 1,,,,
A-7,100.01,2025-03-02,,Dep,Deposit for sewer,SE,30.00,,,,,,,,,,deposit,"D,2",,,,
A-8,100.01,2025-03-03,,DepApp,Applied,WA,-15.00,,,,,,,,,,,,,,,
A-8,100.01,2025-03-03,,DepApp,Applied,,-15.00,,,,,,,,,,deposit,D 1,,,,
A-9,100.01,2025-03-03,,DepRef,Refunded,SE,-10.00,,,,,,,,,,deposit,"D,2",,,,
10,200.01,2025-03-04,,Pmt,Paid ahead on the account,,-12.34,,,,,cash,,,,,,,,,,
11,200.01,2025-03-04,,Pmt,Paid ahead on sewer,SE,-9.00,,,,,cash,,,,,,,,,,
12,200.01,2025-03-05,,Bill,Takes both credits up,SE,9.00,,,open,,,,,,4120,,,,,,
12,200.01,2025-03-05,,Bill,,SE,6.00,,,2025-03-31,,,,,,,,,,,,
12,200.01,2025-03-05,,Bill,,,2.34,,,open,,,,,,4120,,,,,,
13,100.01,2025-03-06,,Xfer,Moved to 200.01,SE,-4.00,,,,,,,,,,,,,pair-1,,
14,200.01,2025-03-06,,Xfer,Moved from 100.01,SE,4.00,,,,,,,,,,,,,pair-1,,
15,100.01,2025-03-07,,Adj,Adjusted against revenue,WA,-1.00,,,,,,,,,,,,,,,
16,100.01,2025-03-07,,WriteOff,Written off,WA,-2.00,,,,,,,,,,,,,,,
17,200.01,2025-03-07,,Ref,Credit refunded,,10.00,,,,,,,,,,,,,,,
18,100.01,2025-03-08,,Misc,Odd other side,SE,7.00,,,2025-03-31,,,,,,,,,,,,
18,100.01,2025-03-08,,Misc,Odd other side,SE,-3.00,,,,,,,,,4120,general,,,,,
18,100.01,2025-03-08,,Misc,Odd other side,,-4.00,,,,,,,,,4800,general,,,,,
19,100.01,2025-03-09,,PAdj,Tax Certification 2025,WA,-30.00,,,2024-12-31,,,,,,,,,,,,
19,100.01,2025-03-09,,PAdj,Tax Certification 2025,,30.00,2025,,,,,,,,,,,,,,
20,100.01,2025-03-09,,Fee,Tax Certification 2025,,25.00,2025,,,,,,,,,,,,,,
21,100.01,2025-03-10,,CertPmt,County,,-11.00,2025,,,,check,C 9,,,,,,,,,
22,100.01,2025-03-11,,CertAdj,Removed,,-8.00,2025,,,,,,,,,,,,,,
22,100.01,2025-03-11,,CertAdj,Removed,WA,8.00,,,2024-12-31,,,,,,,,,,,,
23,100.01,2025-03-12,,CertAdj,Written off,,-1.00,2025,,,,,,,,,,,,,,
24,100.01,2025-03-12,,CertAdj,Fee paid at city hall,,-3.00,2025,,,,,,,,1010,,,,,,
25,100.01,2025-03-13,,Dep,A third,,40.00,,,,,,,,,,deposit,D3,,,,
27,100.01,2025-03-13,,Rev,Deposit taken back,,-40.00,,25,,,,,,,,deposit,D3,,,,
26,200.01,2024-10-31,,Open,Balance brought forward,WA,19.99,,,2024-09-30,,,,,,,,,,,,
`

/** A town with something awkward in every file: for the round trip. */
export const NASTY: Files = {
  ...SMALL,
  ...NASTY_RUNS,
  services: `code,name,kind,sort,receivable_gl,revenue_gl,subject_to_certification,certification_periods,penalty_type,deposit_allowed
WA,"Water ""town""",metered,-1,1110,4110,yes,2,4,yes
SE,Égout,flat,2,1120,4120,no,0,0,no
PE,Pénalité,penalty,10,,,no,0,0,no
`,
  payment_methods:
    'code,name,kind,gl,active,reference_required\ncard,Card,card,1020,no,yes\nCounty,County,county,,yes,no\n',
  payment_allocation: 'list,position,service\nfirst,1,WA\nsecond,10,SE\nsecond,9,PE\noverpayment,1,WA\nexclude,1,SE\n',
  customer_types: 'code,name\n10,Ten\n9,Nine\nA,"A, B"\n',
  collection_codes:
    'code,name,send_utility_bill,delinquent_notice,send_shutoff_notice,display_warning\nTAX,Taxes,yes,no,no,yes\n',
  account_statuses: 'code,name\nCURRENT,Current\nVAC,Vacant\n',
  revenue_classes: 'code,name\nR,Residential\n',
  cycles: 'code,name,due_days\n1,One,10\n2,Two,\n',
  routes: 'code,name\n02,Two\n1,One\n',
  note_types: 'code,name\nvisit,Visit\n',
  periods: 'end_date,closed\n2024-12-31,yes\n2025-01-31,yes\n2025-02-28,yes\n2025-03-31,no\n2025-04-30,no\n',
  rates: `code,service,name,effective_from,unit,unit_quantity,usage_rounding,base_charge,included_quantity,minimum_charge,maximum_charge,per_unit,out_of_town_multiplier,based_on,percent,average,average_default_amount,average_default_quantity
W1,WA,Water,2024-01-01,gallon,1000,up,12.5,2000,0.333333,,yes,1.5,,,,,
W1,WA,Water,2025-01-01,gallon,1000,exact,13.00,2000,,99.99,no,,,,,,
S1,SE,Sewer,2024-01-01,,,,,,,,,,WA,95,lesser,20.00,4500.5
`,
  rate_blocks:
    'rate,effective_from,months,position,up_to,price\nW1,2024-01-01,,1,5000,2.25\nW1,2024-01-01,,2,,3.125\nW1,2024-01-01,10-4,1,,2\n',
  rate_sizes:
    'rate,effective_from,size_kind,size,base_charge,minimum_charge\nW1,2025-01-01,meter_size,3/4,10.00,\nW1,2025-01-01,household,2,,5.00\n',
  customers: `customer_number,kind,name,first_name,customer_type,account_status,public,mail_notices,email_notices,collection_code,address_line_1,alert_message,spouse,disallowed_pay_methods,bad_debt,address_type,care_of,country,phone_type,birth_date,licence_state,licence_sealed,licence_last4,ssn_sealed,ssn_last4,master_contact
100,profit,"O""Brien, Zoë
c/o 市役所",Zoë,A,,no,no,yes,TAX,=1+1,"Dog in yard
""Beware""","Łucja ""Lu""","card
check",yes,lake,"Smith, J.",Österreich,Fax 2,1952-02-29,ID,v1|0123abcd|AAAAAAAAAAAAAAAA|AAAA|AAAAAAAAAAAAAAAAAAAAAA,6789,v1|0123abcd|AAAAAAAAAAAAAAAA|AAAA|BBBBBBBBBBBBBBBBBBBBBB,,M 1
99,individual,Landlord Łukasz,,9,,yes,yes,no,,,,,,,,,,,,,,,,,2
200,,Abe Lund,,,VAC,,,,,,,,,,,,,,,,,,,,
`,
  titles: 'name\nMr.\n"Rev. ""Dr."""\n',
  address_types: 'code,name\nhome,Heim\nlake,"Lake, ""cabin"""\n',
  phone_types: 'code,name\nFax 2,Fax\n',
  customer_addresses: `customer_number,type,care_of,address_line_1,address_line_2,city,state,zip,country,county,geo_code,mail_from,mail_to
100,lake,,"9 Palm ""Ave""",,Miami,FL,33101,,Dade,04 12,11-15,03-31
100,,"c/o, who",Same,,,,,,,,,
100,,"c/o, who",Same,,,,,,,,,
200,home,,14 Canal St,"rear
door",,,,,,,02-29,02-29
`,
  customer_phones: 'customer_number,type,number\n100,Fax 2,"555-0142, ext. 2"\n100,,555-0143\n100,,555-0143\n',
  email_types: 'code,name\nhome,Heim\nx y,"Work, ""desk"""\n',
  contact_types: 'code,name,place,system\nemergency,Emergency,customer,yes\nagent,"Agent, ""Zoë""",location,no\n',
  master_contacts: `master_contact,name,address_line_1,address_line_2,city,state,zip,phone,email,held_back
M 1,"O'Brien, ""Zoë""","12 Canal St, rear",,Ashford,ID,83000,"555-0142, 2",z@example.org,
2,Landlord Łukasz,,,,,,,,
10,Landlord Lukas,,,,,,,,yes
`,
  master_merges: 'master_contact,into,merged_at,merged_by\n10,2,2025-02-05T10:00:00.000001Z,"Birch, ""A."""\n',
  master_moves: 'master_contact,customer_number,contact\n10,99,\n10,,C-2\n',
  contacts: `contact,customer_number,location_number,type,notices,first_name,middle_name,last_name,suffix,birth_date,licence_sealed,licence_last4,ssn_sealed,ssn_last4,master_contact
7,100,,emergency,mail,"Zoë ""Z""",M.,"O'Brien, x",Jr.,1952-02-29,,,v1|0123abcd|AAAAAAAAAAAAAAAA|AAAA|BBBBBBBBBBBBBBBBBBBBBB,6789,M 1
C-2,,10,agent,none,Łucja,,Land,,,v1|0123abcd|AAAAAAAAAAAAAAAA|AAAA|AAAAAAAAAAAAAAAAAAAAAA,,,,
`,
  contact_addresses: `contact,primary,type,care_of,address_line_1,address_line_2,city,state,zip,country,county,geo_code
7,yes,home,"c/o, who","9 Palm ""Ave""",,Miami,FL,33101,Österreich,Dade,04 12
7,no,lake,,Same,,Miami,FL,,USA,,
7,no,lake,,Same,,Miami,FL,,USA,,
`,
  contact_emails:
    'contact,primary,type,address,description\n7,yes,x y,z@example.org,"At, work"\n7,no,home,a@example.org,\n',
  contact_phones: 'contact,primary,type,number,extension,description\nC-2,yes,Fax 2,"555-0142, 2",12,"Desk ""A"""\n',
  locations: `location_number,service_address,cycle,route,read_sequence,parcel_number,rental,owner_customer_number,out_of_town
10,"12 Canal St, rear",1,02,1.5,07-114,yes,99,yes
20,14 Canal St,2,1,,,no,,no
9,16 Canal St,,,,,,,
`,
  accounts: `account_number,customer_number,location_number,connect_date,disconnect_date,activity_status,account_status,status_since
100.01,100,10,2024-12-01,,Current,SHUTOFF,2025-03-01
100.02,100,9,2020-01-01,2024-01-31,Final,,
200.01,200,20,,,Waiting,,
`,
  cosigners: 'customer_number,cosigner_number\n99,100\n100,200\n',
  landlord_agreements: 'location_number,auto_connect,notice_copies,since\n9,yes,no,\n10,no,yes,2024-06-30\n',
  deposit_agreements: `deposit,account_number,service,amount,installments,agreed_on,description
D 1,100.01,WA,100.00,2,2025-03-01,"Zwei ""Raten"""
D9,200.01,SE,45.50,1,2025-03-31,
`,
  move_outs: `account_number,date,services,reads,application,statement
100.02,2024-01-31,"WA
SE","[{""meter"": ""M-1"", ""date"": ""2024-01-31""}]",A-8,
`,
  beginning_reads: 'account_number,meter,read_date,reading\n100.01,M-1,2024-12-01,120.5\n',
  account_services:
    'account_number,service,rate,quantity,units,frequency,connect_date,disconnect_date\n100.01,WA,W1,1.5,2,monthly,2024-12-01,\n200.01,SE,,,,quarterly,,2025-12-31\n',
  meters:
    'meter_number,service,location_number,dials,multiplier,unit,size,manufacturer,serial,install_date,remove_date,install_read\nM-1,WA,10,6,10,gallon,3/4,"Zähler, ""AG""",,2020-01-01,,120\nM-2,WA,,,,,,,,,,\nM-3,WA,9,5,,,,,S-9,2024-06-30,2024-12-31,\n',
  installations:
    'meter_number,location_number,install_date,remove_date,install_read\nM-3,10,2019-12-31,2020-01-01,0.5\nM-3,20,2020-01-01,2024-06-30,\n',
  readings:
    'meter_number,read_date,reading,kind\nM-1,2025-01-31,1200,actual\nM-1,2025-02-28,1250.5,estimated\nM-3,2024-06-30,99.25,actual\n',
  bank_codes: 'code,name\n091000019,"First ""Bank"""\n123103729,Zweite Bank\n',
  auto_payments: `customer_number,reference,type,notify_in_advance,account_type,bank_code,special,maximum,fixed,state,state_since,bank_account_sealed,bank_account_last4,token_sealed,token_last4
100,a-1,draft,yes,savings,091000019,maximum,75.00,,active,2025-03-01,v1|0123abcd|AAAAAAAAAAAAAAAA|AAAA|CCCCCCCCCCCCCCCCCCCCCC,4321,,
99,a-2,card,no,,,fixed,,80.00,,2025-03-02,,,v1|0123abcd|AAAAAAAAAAAAAAAA|AAAA|DDDDDDDDDDDDDDDDDDDDDD,
200,a-3,none,,,,,,,ended,2025-03-03,,,,
`,
  deferred_charges: `code,name,active,signup,trigger,use_fixed,fixed,use_percentage,percentage,use_round_up,round_up,calculation,capped,cap,gl,service_order,company_order,only_if_covered
R 1,"Round, ""up""",yes,opt_out,overpayment,no,,no,,yes,5.00,maximum,yes,2.50,4120,"SE
WA",no,yes
DON,Spende für Bäume,no,opt_in,payment,yes,2.00,yes,2.50,no,,sum,no,,,,yes,no
`,
  deferred_participations: 'customer_number,charge,takes_part\n100,R 1,no\n99,DON,yes\n',
  ...NASTY_NOTES,
  county_layouts:
    'code,name,kind,line_width,lines_per,column_names,line_end\nA.10,"County, ""old""",fixed,24,account,,crlf\nA.9,Liste für Zoë,csv,,,yes,\n',
  county_layout_fields: `layout,section,position,name,source,width,pad,fill,format,implied_decimals,digits_only,strip_punctuation,cut
A.10,header,1,Title,constant,24,right,*,"  a, ""b"" ",,,,
A.10,line,20,Parcel,parcel,10,left, ,,no,no,yes,no
A.10,line,9,Amount,total,9,,0,,yes,yes,,
A.10,line,3,Owner,owner,5,,,,,,,yes
A.9,line,1,Flurstück,parcel,,,,##-###,,,,
A.9,line,2,"Betrag, $",amount,,,,,,,,
`,
  arrangements: `arrangement,account_number,made_on,made_at,description,account_balance,amount,regular_billing,frequency,start_date,grace_days,payment_order,ended_on,ended_as,ended_reason
10,100.01,2025-03-01,2025-03-01T09:00:00.000001Z,"Plan, ""old""",250.00,200.00,yes,,,5,instalment,2025-03-20,broken,"Zahlung 1,
nicht bezahlt"
9,100.01,2025-03-21,,,60.00,60.00,no,biweekly,2025-04-01,0,bill,,,
A-1,200.01,2025-01-31,2025-01-31T23:59:59Z,Zweiter Plan für Abe,0.03,0.03,no,quarterly,2025-01-31,90,instalment,2025-02-01,cancelled,"moved, =away"
`,
  arrangement_services: 'arrangement,service,balance\n10,WA,180.00\n10,SE,70.00\n9,WA,60.00\nA-1,SE,0.03\n',
  arrangement_instalments:
    'arrangement,payment,due_date,amount\n10,1,2025-03-10,100.00\n10,2,2025-04-10,100.00\n9,1,2025-04-01,60.00\nA-1,1,2025-01-31,0.01\nA-1,2,2025-04-30,0.02\n',
  saved_criteria: 'kind,name,criteria\ntax-certification.create-records,"All, really","{""all"": []}"\n',
  transactions: LINES,
  receipts:
    'number,date,taken_at,drawer,tenders,total\n31,2025-01-10,2025-01-10T15:00:00Z,,"[{""amount"": ""80.00"", ""method"": ""check""}]",80.00\n32,2025-03-02,,Drawer 1,"[]",100.00\n',
  refund_checks: 'transaction,account_number,check_number,check_date\n17,200.01,"No. 7, ""A""",2025-03-08\n',
  statements: `number,account_number,date,due_date,format,balance_forward,charges,amount,read_at,source,facts
10,100.01,2025-03-01,2025-03-16,plain,-1.00,3.00,2.00,2025-03-01T10:00:00.000001Z,old/10,"{""text"": ""é, x""}"
9,100.01,2025-02-01,2025-02-16,plain,0.00,0.00,0.00,2025-02-01T10:00:00Z,old/9,
A-1,200.01,2025-03-01,2025-03-11,"Façon ""old""",5.00,0.00,5.00,2025-03-01T10:00:00Z,"bill, 1",
`,
  certifications: `certification,account_number,tax_year,date,service,amount,fee,updated_date,status,ages_in,run,padj,fee_transaction,county_file,county_must_be_told
3,100.01,2025,2025-03-08,WA,30.00,25.00,2025-03-09,updated,2024-12-31,R7,19,20,"county, 2025.txt",yes
3,100.01,2025,2025-03-08,WA,4.00,,2025-03-09,paid_before,2024-12-31,R7,19,20,"county, 2025.txt",yes
3,100.01,2025,2025-03-08,WA,1.00,,2025-03-09,withdrawn,2024-12-31,R7,19,20,"county, 2025.txt",yes
C-1,100.01,2025,2025-03-10,SE,5.00,0.00,,certified,2024-12-31,,,,,
C-2,200.01,2025,2025-03-10,WA,19.99,,,withdrawn,2024-09-30,,,,,no
`,
}
