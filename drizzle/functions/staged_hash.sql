-- What GO compares: every staged row of every sort. Count and bit_xor of row hashes finds each accidental change.
create or replace function ledger.staged_hash(p_run bigint) returns text language sql stable
  set search_path = pg_catalog, ledger, pg_temp as $$
  select md5(concat_ws('/', p_run,
    (select concat(count(*), ':', bit_xor(hash_record_extended((a.run_id, a.account_id, a.fingerprint), 0))) from staged_account a where run_id = p_run),
    (select concat(count(*), ':', bit_xor(hashtextextended(t::text, 0))) from staged_transaction t where run_id = p_run),
    (select concat(count(*), ':', bit_xor(hash_record_extended(p, 0))) from staged_posting p where run_id = p_run),
    (select concat(count(*), ':', bit_xor(hash_record_extended(c, 0))) from staged_certification c where run_id = p_run),
    (select concat(count(*), ':', bit_xor(hash_record_extended(l, 0))) from staged_certification_line l where run_id = p_run),
    (select concat(count(*), ':', bit_xor(hashtextextended(e::text, 0))) from staged_effect e where run_id = p_run),
    (select concat(count(*), ':', bit_xor(hashtextextended(f::text, 0))) from run_file f where run_id = p_run)))
$$;
