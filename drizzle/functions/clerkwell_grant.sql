-- What the two served roles may do, and which rows they see. The app role sees public customers and what hangs on
-- them; the private role sees all. The owner (posting functions) is not bound: no FORCE.
create or replace function clerkwell_grant(p_app text, p_private text) returns void language plpgsql as $$
declare t record; v_role text;
  -- what is of a private customer, or of an account of one, does not exist for the app role
  v_customer constant text := 'customer_id <> all ((select public.private_customers())::int[])';
  v_account constant text := 'account_id <> all ((select public.private_accounts())::int[])';
begin
  foreach v_role in array array[p_app, p_private] loop
    execute format('grant usage on schema public, ledger to %I', v_role);
    execute format('grant select on all tables in schema public, ledger to %I', v_role);
    execute format('grant insert, update, delete on all tables in schema public to %I', v_role);
    execute format('revoke insert, update, delete, truncate on audit_seal from %I', v_role);
    execute format('revoke update, delete on audit from %I', v_role);
    execute format('grant insert on audit_seal to %I', v_role);
    execute format('grant insert on ledger.deposit, ledger.statement to %I', v_role);
    execute format('grant insert, delete on ledger.period to %I', v_role);
    execute format('grant usage on all sequences in schema public, ledger to %I', v_role);
    execute format('grant execute on function ledger.post_many, ledger.post_run, ledger.prepare_run, ledger.prepare_again, ledger.start_run,
      ledger.run_progress, ledger.fail_run, ledger.cancel_run, ledger.sweep_staged, ledger.keep_run_file, ledger.ensure_period,
      ledger.close_period, ledger.reopen_period, ledger.certified_fingerprints, ledger.certification_state, ledger.service_state, ledger.enter_request,
      ledger.answer_request, ledger.release_request, ledger.known_request, ledger.staged_hash, ledger.customer_of, ledger.number_order, ledger.compare_previews, ledger.start_reversal, ledger.post_reversals,
      ledger.prepare_changed_again, ledger.compare_again, ledger.counted_amount, ledger.lock_account, ledger.account_posted,
      ledger.add_entry, ledger.change_entry, ledger.remove_entry to %I', v_role);
  end loop;
  execute format('grant execute on function public.master_records, public.master_shown, public.private_customers, public.private_accounts to %I', p_app);
  -- a preview's money is read from staged_account, which has a policy; these have none, for COPY does not work under one
  execute format('revoke select on ledger.staged_transaction, ledger.staged_posting, ledger.staged_certification,
    ledger.staged_certification_line, ledger.request from %I', p_app);
  execute format('grant execute on function ledger.prune_requests, ledger.check_ledger, ledger.keep_proof,
    ledger.import_town, ledger.load_rows, ledger.post_town to %I', p_private);
  execute format('grant insert, update, delete on ledger.staged_account, ledger.staged_transaction, ledger.staged_posting, ledger.staged_exclusion,
    ledger.staged_effect, ledger.staged_certification, ledger.staged_certification_line to %I', p_private);
  for t in select * from (values
      ('public.customer', 'public'),
      ('public.customer_alert', v_customer),
      ('public.customer_address', v_customer),
      ('public.customer_phone', v_customer),
      ('public.customer_web_login', v_customer),
      ('public.auto_payment', v_customer),
      ('public.deferred_participation', v_customer),
      ('public.account', v_customer),
      ('public.account_service', v_account),
      ('public.contact', 'customer_id is null or ' || v_customer),
      ('public.contact_address', 'exists (select from public.contact c where c.id = contact_id)'),
      ('public.contact_email', 'exists (select from public.contact c where c.id = contact_id)'),
      ('public.contact_phone', 'exists (select from public.contact c where c.id = contact_id)'),
      ('public.master_contact', 'public.master_shown(id)'),
      ('public.master_merge', 'public.master_shown(master_contact_id) and public.master_shown(into_id)'),
      ('public.master_moved', '(customer_id is null or ' || v_customer || ')
        and (contact_id is null or exists (select from public.contact c where c.id = contact_id))'),
      ('public.note', 'customer_id is null or ' || v_customer),
      ('public.service_order', 'customer_id is null or ' || v_customer),
      ('public.assigned_code', 'customer_id is null or ' || v_customer),
      ('public.custom_value', 'customer_id is null or ' || v_customer),
      ('public.document', v_customer),
      ('public.note_attachment', 'exists (select from public.note n where n.id = note_id)'),
      ('public.special_condition', 'customer_id is null or ' || v_customer),
      ('public.applied_item', 'customer_id is null or ' || v_customer),
      ('public.demographic', 'customer_id is null or ' || v_customer),
      ('public.demographic_value', 'exists (select from public.demographic d where d.id = demographic_id)'),
      ('public.demographic_variance', 'exists (select from public.demographic d where d.id = demographic_id)'),
      ('public.audit', '(customer_id is null or ' || v_customer || ')
        and (subject not in (''master_contact'', ''master_merge'') or public.master_shown(subject_key::int))'),
      ('ledger.account_ledger', v_account),
      ('ledger.transaction', 'account_id is null or ' || v_account),
      ('ledger.posting', 'account_id is null or ' || v_account),
      ('ledger.open_item', v_account),
      ('ledger.certified_balance', v_account),
      ('ledger.deposit_balance', v_account),
      ('ledger.deposit', v_account),
      ('ledger.certification', v_account),
      ('ledger.certification_line', 'exists (select from ledger.certification c where c.id = certification_id)'),
      ('ledger.certification_claim', v_account),
      ('public.beginning_read', v_account),
      ('public.cosigner', v_customer),
      ('public.deposit_agreement', v_account),
      ('public.move_out', v_account),
      ('public.arrangement', v_account),
      ('public.arrangement_service', 'exists (select from public.arrangement r where r.id = arrangement_id)'),
      ('public.arrangement_instalment', 'exists (select from public.arrangement r where r.id = arrangement_id)'),
      ('public.arrangement_draft', v_account),
      ('public.refund_check', v_account),
      ('ledger.batch_entry', v_account),
      ('ledger.statement', v_account),
      ('ledger.parked_account', v_account),
      ('ledger.staged_account', v_account),
      ('ledger.staged_exclusion', v_account),
      ('ledger.staged_effect', 'account_id is null or ' || v_account),
      ('ledger.run_effect', 'account_id is null or ' || v_account),
      ('ledger.run_file', 'not holds_private')) as x(name, visible) loop
    execute format('alter table %s enable row level security', t.name);
    execute format('drop policy if exists public_only on %s', t.name);
    execute format('create policy public_only on %s to %I using (%s)', t.name, p_app, t.visible);
    execute format('drop policy if exists everything on %s', t.name);
    execute format('create policy everything on %s to %I using (true)', t.name, p_private);
  end loop;
end $$;
