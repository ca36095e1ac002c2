-- Posted rows never change, for the owner and superuser neither; a correction is a new row.
create or replace function ledger.refuse_change() returns trigger language plpgsql as $$
begin
  raise exception '% on %.% is refused: posted rows never change, post a reversal', tg_op, tg_table_schema, tg_table_name
    using errcode = 'LG001';
end $$;

create or replace trigger append_only before update or delete or truncate on ledger.transaction
  for each statement execute function ledger.refuse_change();
create or replace trigger append_only before update or delete or truncate on ledger.posting
  for each statement execute function ledger.refuse_change();
create or replace trigger append_only before update or delete or truncate on ledger.journal
  for each statement execute function ledger.refuse_change();
create or replace trigger append_only before update or delete or truncate on ledger.receipt
  for each statement execute function ledger.refuse_change();
create or replace trigger append_only before update or delete or truncate on ledger.statement
  for each statement execute function ledger.refuse_change();
create or replace trigger append_only before update or delete or truncate on ledger.run_effect
  for each statement execute function ledger.refuse_change();
create or replace trigger append_only before update or delete or truncate on audit
  for each statement execute function ledger.refuse_change();
create or replace trigger append_only before update or delete or truncate on audit_seal
  for each statement execute function ledger.refuse_change();
create or replace trigger append_only before update or delete or truncate on file_chunk
  for each statement execute function ledger.refuse_change();
create or replace trigger no_truncate before truncate on ledger.run
  for each statement execute function ledger.refuse_change();
