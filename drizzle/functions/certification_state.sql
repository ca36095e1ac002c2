-- A certification as effects know it; an effect's old value must be contained in it, or the preview is stale.
create or replace function ledger.certification_state(p_id int) returns jsonb language sql stable
  set search_path = pg_catalog, ledger, pg_temp as $$
  select jsonb_build_object('noticeDate', c.notice_date, 'updatedDate', c.updated_date, 'updatedRunId', c.updated_run_id,
    'padjId', c.padj_id, 'feeTransactionId', c.fee_transaction_id, 'countyFile', c.county_file, 'countyRunId', c.county_run_id,
    'countyMustBeTold', c.county_must_be_told, 'fee', c.fee::text, 'withdrawn', c.withdrawn_at is not null,
    'lines', (select jsonb_agg(jsonb_build_object('serviceId', l.service_id, 'agingPeriod', l.aging_period,
      'paidBefore', l.paid_before::text, 'withdrawn', l.withdrawn::text)) from certification_line l where l.certification_id = c.id))
  from certification c where c.id = p_id
$$;
