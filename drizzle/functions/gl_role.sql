-- The roles that services, settings and payment methods give a GL account.
create or replace view ledger.gl_role with (security_invoker = true) as
  select receivable_gl as gl_id, 'utility'::ledger.subledger as role from public.service where receivable_gl is not null
  union select g.id, case s.name when 'open_credit_gl' then 'utility' when 'certification_receivable_gl' then 'certified'
      when 'deposit_gl' then 'deposit' else 'general' end::ledger.subledger
    from public.setting s join public.gl_account g on g.number = s.value where s.name like '%\_gl'
  union select revenue_gl, 'general' from public.service where revenue_gl is not null
  union select gl_id, 'general' from public.payment_method where gl_id is not null;
