-- Effects on certifications name the columns they set; claims then follow from the state that results.
create or replace function ledger.apply_certification_effects(p_run bigint, p_actor int) returns void language plpgsql
  set search_path = pg_catalog, ledger, public, pg_temp as $$
begin
  update certification c set version = c.version + 1, changed_by = p_actor,
    notice_date = case when e.new ? 'noticeDate' then (e.new->>'noticeDate')::date else c.notice_date end,
    updated_date = case when e.new ? 'updatedDate' then (e.new->>'updatedDate')::date else c.updated_date end,
    updated_run_id = case when e.new ? 'updatedRunId' then (e.new->>'updatedRunId')::bigint else c.updated_run_id end,
    padj_id = case when e.new ? 'padjId' then (e.new->>'padjId')::bigint else c.padj_id end,
    fee_transaction_id = case when e.new ? 'feeTransactionId' then (e.new->>'feeTransactionId')::bigint else c.fee_transaction_id end,
    county_file = case when e.new ? 'countyFile' then e.new->>'countyFile' else c.county_file end,
    county_run_id = case when e.new ? 'countyRunId' then (e.new->>'countyRunId')::bigint else c.county_run_id end,
    county_must_be_told = coalesce((e.new->>'countyMustBeTold')::boolean, c.county_must_be_told),
    withdrawal_reason = coalesce(e.new->>'withdrawalReason', c.withdrawal_reason),
    fee = coalesce((e.new->>'fee')::numeric, c.fee),
    withdrawn_at = case when e.new ? 'withdrawn' then case when (e.new->>'withdrawn')::boolean then now() end else c.withdrawn_at end
    from staged_effect e where e.run_id = p_run and e.kind = 'certification' and c.id = e.target;
  update certification_line l set paid_before = coalesce(n.paid_before, l.paid_before), withdrawn = coalesce(n.withdrawn, l.withdrawn)
    from (select e.target, (x->>'serviceId')::smallint service_id, (x->>'agingPeriod')::date aging_period,
            (x->>'paidBefore')::numeric paid_before, (x->>'withdrawn')::numeric withdrawn
          from staged_effect e, jsonb_array_elements(coalesce(e.new->'lines', '[]')) x
          where e.run_id = p_run and e.kind = 'certification') n
    where l.certification_id = n.target and l.service_id = n.service_id and l.aging_period = n.aging_period;
  delete from certification_claim m using staged_effect e
    where e.run_id = p_run and e.kind = 'certification' and m.certification_id = e.target;
  insert into certification_claim (account_id, service_id, aging_period, certification_id)
    select c.account_id, l.service_id, l.aging_period, c.id
    from certification c join certification_line l on l.certification_id = c.id
    where c.id in (select target from staged_effect where run_id = p_run and kind = 'certification')
      and c.updated_date is null and c.withdrawn_at is null and l.certified - l.paid_before - l.withdrawn > 0
    order by 1, 2, 3;
  update account_ledger set version = version + 1 where account_id in (
    select account_id from staged_effect where run_id = p_run and kind = 'certification');
exception when unique_violation then
  raise exception 'a bucket is certified by another certification' using errcode = 'LG011', detail = sqlerrm;
end $$;
