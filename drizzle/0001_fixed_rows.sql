-- References that are proven per statement stand on the few journal rows, not on postings (docs/decisions/one-posting-statement.md).
alter table ledger.journal
  add foreign key (run_id) references ledger.run,
  add foreign key (period) references ledger.period,
  add foreign key (gl_account_id, subledger) references gl_account (id, subledger),
  add foreign key (service_id) references service;
--> statement-breakpoint
alter table ledger.account_ledger add foreign key (account_id) references account on delete cascade;
--> statement-breakpoint
alter table ledger.deposit add foreign key (account_id) references account;
--> statement-breakpoint
-- version bumps stay on their page
alter table ledger.account_ledger set (fillfactor = 50);
--> statement-breakpoint
insert into app_user (id, name, full_name, role, disabled_at) values (0, 'system', 'Clerkwell', 'administrator', now());
--> statement-breakpoint
insert into ledger.period (end_date, closed_at) values ('infinity', '-infinity');
--> statement-breakpoint
insert into ledger.counter (name, value) values ('receipt', 0);
--> statement-breakpoint
insert into service (id, code, name, kind, active) values (0, '', 'Open credit of the account', 'fee', false);
--> statement-breakpoint
insert into account_status (code, name, fixed) values ('CURRENT', 'Current', true), ('SHUTOFF', 'Shutoff', true);
--> statement-breakpoint
insert into payment_method (code, name, kind) values
  ('cash', 'Cash', 'cash'), ('check', 'Check', 'check'), ('card', 'Card', 'card'), ('money_order', 'Money order', 'money_order'), ('ach', 'ACH', 'ach');
--> statement-breakpoint
insert into note_type (code, name) values ('general', 'General');
