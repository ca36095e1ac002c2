import express from 'express'
import nunjucks from 'nunjucks'
import postgres from 'postgres'

// The floor of the account page: Express, Nunjucks and three queries, and the same forty rows with an amount for each
// service; no sign-in, no rights, no session, no layout, no escaping beyond the engine's own, nothing explained.
const [url = '', accountId = '1'] = process.argv.slice(2)
const sql = postgres(url, { max: 10, onnotice: () => {} })
const env = new nunjucks.Environment(null, { autoescape: true })
const page = nunjucks.compile(
  `<!doctype html><html lang="en"><head><title>{{ account.number }}</title></head><body><h1>{{ account.number }} {{ account.name }}</h1>
<ul>{% for s in services %}<li>{{ s.code }} {{ s.unpaid }}</li>{% endfor %}</ul>
<table><tr><th>Date</th><th>Type</th><th>Description</th>{% for s in services %}<th>{{ s.code }}</th>{% endfor %}<th>Amount</th></tr>
{% for t in transactions %}<tr><td>{{ t.day }}</td><td>{{ t.type }}</td><td>{{ t.description }}</td>{% for s in services %}<td>{{ t.services[s.code] }}</td>{% endfor %}<td>{{ t.amount }}</td></tr>
{% endfor %}</table></body></html>`,
  env,
)
const app = express()
app.get('/', async (_req, res) => {
  const [[account], services, transactions] = await Promise.all([
    sql`select a.number, c.name from account a join customer c on c.id = a.customer_id where a.id = ${accountId}`,
    sql`select s.code, sum(o.unpaid)::text as unpaid from ledger.open_item o join service s on s.id = o.service_id where o.account_id = ${accountId} group by s.code`,
    sql`select t.transaction_date::text as day, t.type, t.description, sum(p.amount)::text as amount, json_object_agg(s.code, p.amount::text) as services
      from (select * from ledger.transaction where account_id = ${accountId} order by transaction_date desc, id desc limit 40) t
      join ledger.posting p on p.period = t.period and p.transaction_id = t.id and p.subledger = 'utility'
      join service s on s.id = p.service_id
      group by t.id, t.transaction_date, t.type, t.description order by t.transaction_date desc, t.id desc`,
  ])
  res.type('html').send(page.render({ account, services, transactions }))
})
const listener = app.listen(0, '127.0.0.1', () => {
  process.stdout.write(`ready at http://127.0.0.1:${(listener.address() as { port: number }).port}\n`)
})
