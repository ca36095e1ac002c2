-- The customer that an audited row is about, so that a private customer's rows can be hidden.
create or replace function ledger.customer_of(p_table text, p_row jsonb) returns int language sql stable
  set search_path = pg_catalog, public, pg_temp as $$
  select case when p_table = 'customer' then (p_row->>'id')::int
    when p_row ? 'customer_id' then (p_row->>'customer_id')::int
    when p_row ? 'contact_id' then (select customer_id from contact where id = (p_row->>'contact_id')::int)
    when p_row ? 'note_id' then (select customer_id from note where id = (p_row->>'note_id')::int)
    when p_row ? 'demographic_id' then (select customer_id from demographic where id = (p_row->>'demographic_id')::int)
    when p_row ? 'arrangement_id' then (select a.customer_id from arrangement r join account a on a.id = r.account_id where r.id = (p_row->>'arrangement_id')::int)
    when p_row ? 'account_id' then (select customer_id from account where id = (p_row->>'account_id')::int) end
$$;
