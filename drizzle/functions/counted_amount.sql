-- What a line of a preview counts in its run's total: fees stand apart, what was paid before an update moves nothing, and
-- county payments are stated as money received.
create or replace function ledger.counted_amount(p_line jsonb) returns numeric language sql immutable
  set search_path = pg_catalog, pg_temp as $$
  select case p_line->>'type' when 'Fee' then 0 when 'Paid before update' then 0 when 'CertPmt' then -(p_line->>'amount')::numeric
    else (p_line->>'amount')::numeric end
$$;
