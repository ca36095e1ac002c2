-- Whether an account has a history: postings, certifications, statements, or entries of a batch. It is then not deleted,
-- and keeps its number, customer and location.
create or replace function ledger.account_posted(p_account int) returns boolean language sql stable
  set search_path = pg_catalog, ledger, pg_temp as $$
  select exists (select from transaction where account_id = p_account)
    or exists (select from certification where account_id = p_account)
    or exists (select from statement where account_id = p_account)
    or exists (select from batch_entry where account_id = p_account and removed_at is null)
$$;
