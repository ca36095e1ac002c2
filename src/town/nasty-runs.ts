import { createHash } from 'node:crypto'
import type { Files } from '../testing/town-folder.ts'

/** Bytes of a file, one character each. */
const BYTES = `%PDF\0\u00ff"${'x'.repeat(300_000)}\n`
const hash = (bytes: string) => createHash('sha256').update(Buffer.from(bytes, 'latin1')).digest('hex')

/** Runs of known and unknown kinds, one of them reversed, with effects of every kind and files with names no disk takes. */
export const NASTY_RUNS: Files = {
  runs: `run,kind,options,criteria,preview_hash,total,fees,outside_criteria,prepared_by,prepared_at,posted_by,posted_at,reverses,reason,progress_done,last_preview
R7,tax-certification.create-records,"{""date"": ""2025-03-08"", ""share"": 1.10, ""taxYear"": 2025}","{""all"": []}",abc,35.00,25.00,2,"Zoë ""Z""",2025-03-08T09:00:00Z,clerk,2025-03-08T10:00:00.5Z,,,2,"{""at"": ""2025-03-07T10:00:00Z"", ""count"": 1, ""total"": ""30.00""}"
Läuf 8/9,billing.of-the-future,"{""deep"": [1.50, {""x"": null}]}",,,-1.00,,0,,,,2025-03-09T10:00:00Z,,,,
10,runs.reversal,,,,1.00,,0,clerk,2025-03-10T10:00:00Z,clerk,2025-03-10T10:00:00Z,Läuf 8/9,"No, ""wrong""",,
`,
  run_accounts: `run,account_number,before,after,lines,facts
R7,100.01,35.00,35.00,"[{""type"": ""Certified"", ""amount"": ""35.00"", ""service"": ""WA"", ""taxYear"": 2025}]","{""rate"": 0.100, ""marks"": [""No parcel""]}"
Läuf 8/9,200.01,,,,
`,
  run_exclusions:
    'run,account_number,reasons\nR7,200.01,"[{""test"": ""Owes “enough”"", ""value"": ""0.00"", ""passed"": false, ""threshold"": ""1.00""}]"\n',
  run_effects: `run,line,account_number,kind,target,old,new,note
R7,1,100.01,collection_code,100,"{""code"": null}","{""code"": ""TAX""}","Code, ""TAX"""
R7,2,100.01,alert_add,100,,"{""text"": ""Beware"", ""alert"": ""11"", ""since"": ""2025-03-08""}",
R7,3,100.01,alert_end,9,"{""text"": ""Old""}",,
R7,4,100.01,alert_reopen,,"{""text"": ""Gone""}",,
R7,5,100.01,certification,3,"{""fee"": ""25.00"", ""padj"": null, ""lines"": [{""service"": ""WA"", ""agesIn"": ""2024-12-31"", ""paidBefore"": ""0.00""}], ""updatedRun"": null}","{""padj"": ""19"", ""feeTransaction"": ""20"", ""countyRun"": ""Läuf 8/9"", ""updatedRun"": ""R7"", ""noticeDate"": null, ""countyMustBeTold"": true, ""lines"": [{""service"": ""WA"", ""agesIn"": ""2024-12-31"", ""paidBefore"": ""4.00""}]}",
R7,6,,collection_code,99,"{""code"": """"}","{""code"": null}",
`,
  run_files: `run,name,file,file_name,media_type,sha256,made_at,holds_private
R7,register.pdf,files/a/register.pdf,register.pdf,application/pdf,${hash(BYTES)},2025-03-08T10:00:01Z,yes
R7,"Liste für ""2025""?.csv",files/b.csv,Liste.csv,text/csv,${hash('')},,no
Läuf 8/9,../x,files/c.txt,../x,text/plain,${hash('c')},2025-03-08T10:00:01Z,no
`,
  'files/a/register.pdf': BYTES,
  'files/b.csv': '',
  'files/c.txt': 'c',
  customer_alerts: `alert,customer_number,text,since,ended_at
9,100,Old,2024-01-01,2025-03-08T10:00:00Z
10,100,Dog in yard,2025-01-05,
11,100,"""Beware""",2025-03-08,
`,
}
