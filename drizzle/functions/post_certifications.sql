-- The run's own book: certifications, their lines and the claims on the buckets they name.
create or replace function ledger.post_certifications(p_run bigint, p_actor int) returns void language plpgsql
  set search_path = pg_catalog, ledger, pg_temp as $$
begin
  if not exists (select from staged_certification where run_id = p_run) then return; end if;
  insert into certification (id, run_id, account_id, tax_year, date, fee, parcel_number, changed_by)
    select id, run_id, account_id, tax_year, date, fee, parcel_number, p_actor from staged_certification where run_id = p_run order by id;
  insert into certification_line (certification_id, service_id, aging_period, certified)
    select certification_id, service_id, aging_period, certified from staged_certification_line where run_id = p_run;
  insert into certification_claim (account_id, service_id, aging_period, certification_id)
    select c.account_id, l.service_id, l.aging_period, c.id from staged_certification c
    join staged_certification_line l on l.run_id = c.run_id and l.certification_id = c.id where c.run_id = p_run order by 1, 2, 3;
  update account_ledger set version = version + 1
    where account_id in (select account_id from staged_certification where run_id = p_run);
exception when unique_violation then
  raise exception 'a bucket is certified already and not yet updated' using errcode = 'LG011', detail = sqlerrm;
end $$;
