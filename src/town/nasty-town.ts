import { type Files, SMALL } from '../testing/town-folder.ts'

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
  customers: `customer_number,kind,name,first_name,customer_type,account_status,public,mail_notices,email_notices,collection_code,address_line_1,alert_message
100,profit,"O""Brien, Zoë
c/o 市役所",Zoë,A,,no,no,yes,TAX,=1+1,"Dog in yard
""Beware"""
99,individual,Landlord Łukasz,,9,,yes,yes,no,,,
200,,Abe Lund,,,VAC,,,,,,
`,
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
  account_services:
    'account_number,service,rate,quantity,units,frequency,connect_date,disconnect_date\n100.01,WA,W1,1.5,2,monthly,2024-12-01,\n200.01,SE,,,,quarterly,,2025-12-31\n',
  meters:
    'meter_number,service,location_number,dials,multiplier,unit,size,install_date,remove_date,install_read\nM-1,WA,10,6,10,gallon,3/4,2020-01-01,,120\nM-2,WA,,,,,,,,\n',
  readings: 'meter_number,read_date,reading,kind\nM-1,2025-01-31,1200,actual\nM-1,2025-02-28,1250.5,estimated\n',
  notes: `level,customer_number,location_number,type,subject,text,created,message_center,payment_center,grace_date
customer,100,,general,"Called, ""angry""","line one
line two",2025-01-02,yes,no,2025-04-01
location,,10,visit,Gate locked,,2025-01-03,no,no,
account,100,10,general,Same note,,2025-01-04,no,yes,
account,100,10,general,Same note,,2025-01-04,no,yes,
`,
  saved_criteria: 'kind,name,criteria\ntax-certification.create-records,"All, really","{""all"": []}"\n',
  transactions: LINES,
  receipts:
    'number,date,taken_at,drawer,tenders,total\n31,2025-01-10,2025-01-10T15:00:00Z,,"[{""amount"": ""80.00"", ""method"": ""check""}]",80.00\n32,2025-03-02,,Drawer 1,"[]",100.00\n',
  certifications: `certification,account_number,tax_year,date,service,amount,fee,updated_date,status,ages_in,run,padj,fee_transaction,county_file,county_must_be_told
3,100.01,2025,2025-03-08,WA,30.00,25.00,2025-03-09,updated,2024-12-31,R7,19,20,"county, 2025.txt",yes
3,100.01,2025,2025-03-08,WA,4.00,,2025-03-09,paid_before,2024-12-31,R7,19,20,"county, 2025.txt",yes
3,100.01,2025,2025-03-08,WA,1.00,,2025-03-09,withdrawn,2024-12-31,R7,19,20,"county, 2025.txt",yes
C-1,100.01,2025,2025-03-10,SE,5.00,0.00,,certified,2024-12-31,,,,,
C-2,200.01,2025,2025-03-10,WA,19.99,,,withdrawn,2024-09-30,,,,,no
`,
}
