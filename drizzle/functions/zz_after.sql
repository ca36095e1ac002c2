-- ENABLE ALWAYS: session_replication_role = replica must not be a way round. EXECUTE only where it is granted.
do $$
declare t record;
begin
  for t in select tgrelid::regclass as tab, tgname from pg_trigger g join pg_class c on c.oid = g.tgrelid
      where not g.tgisinternal and g.tgenabled <> 'A' and (c.relnamespace = 'ledger'::regnamespace
        or g.tgrelid in ('public.audit'::regclass, 'public.audit_seal'::regclass, 'public.file_chunk'::regclass, 'public.account'::regclass,
          'public.service'::regclass, 'public.setting'::regclass, 'public.payment_method'::regclass)) loop
    execute format('alter table %s enable always trigger %I', t.tab, t.tgname);
  end loop;
end $$;
revoke execute on all functions in schema ledger from public;
revoke execute on function clerkwell_grant from public;
