import { sql } from 'drizzle-orm'
import { type Db, one, rows } from '../db/db.ts'
import { Refused } from '../errors.ts'
import type { Day } from '../ledger/calendar.ts'
import type { Effect } from '../ledger/effect.ts'
import type { Stage } from '../runs/stage.ts'
import { type AccountUpdate, alertEffect, collectionCodeEffect } from './account-update-rules.ts'
import { idList } from './candidate-store.ts'

/** The options of *Update Customer Accounts* as a run kind takes them. */
export interface AccountUpdateOptions {
  assignCollectionCode?: string | undefined
  replaceExistingCollectionCode?: boolean | undefined
  addAlertMessage?: string | undefined
  updateCustomersWithExistingAlert?: boolean | undefined
  existingAlertMessages?: 'replace' | 'append' | undefined
}

interface Customer {
  id: number
  code: string | null
  codeId: number | null
  alerts: { id: number; text: string }[]
}

/**
 * Stages what *Update Customer Accounts* does, once per customer whichever of his accounts the run takes (product.md
 * 3.13, domain.md U10, U11). `accounts` names the customer of each account; the effect stands with the first of them.
 * Refuses a collection code that is not set up.
 */
export async function stageAccountUpdates(
  db: Db,
  stage: Pick<Stage, 'effect'>,
  options: AccountUpdateOptions,
  accounts: { id: number; customerId: number }[],
  since: Day,
): Promise<void> {
  const update = accountUpdate(options)
  if (update.assignCollectionCode === null && update.addAlertMessage === '') return
  const codeId = await collectionCodeId(db, update.assignCollectionCode)
  const first = new Map<number, number>()
  for (const { id, customerId } of accounts) if (!first.has(customerId)) first.set(customerId, id)
  for (const customer of await customers(db, [...first.keys()])) {
    const accountId = first.get(customer.id) ?? null
    for (const effect of effectsOn(customer, accountId, update, codeId, since)) stage.effect(effect)
  }
}

function accountUpdate(options: AccountUpdateOptions): AccountUpdate {
  return {
    assignCollectionCode: options.assignCollectionCode || null,
    replaceExistingCollectionCode: options.replaceExistingCollectionCode ?? false,
    addAlertMessage: (options.addAlertMessage ?? '').trim(),
    updateCustomersWithExistingAlert: options.updateCustomersWithExistingAlert ?? false,
    existingAlertMessages: options.existingAlertMessages ?? 'append',
  }
}

async function collectionCodeId(db: Db, code: string | null): Promise<number | null> {
  if (code === null) return null
  const found = await one<{ id: number }>(db, sql`select id from collection_code where code = ${code}`)
  if (found) return found.id
  const sentence = `There is no collection code ${code}.`
  throw new Refused('unknown_collection_code', sentence, { assignCollectionCode: sentence })
}

function customers(db: Db, ids: number[]): Promise<Customer[]> {
  return rows<Customer>(
    db,
    sql`select c.id, k.code, c.collection_code_id as "codeId", coalesce((select jsonb_agg(jsonb_build_object('id', a.id, 'text', a.text) order by a.id)
      from customer_alert a where a.customer_id = c.id and a.ended_at is null), '[]') as alerts
    from customer c left join collection_code k on k.id = c.collection_code_id where c.id = any(${idList(ids)}) order by c.id`,
  )
}

function effectsOn(
  customer: Customer,
  accountId: number | null,
  update: AccountUpdate,
  codeId: number | null,
  since: Day,
): Effect[] {
  const common = { accountId, target: customer.id }
  const code = collectionCodeEffect(update, customer.code)
  const note = `Code ${code?.from ?? 'none'} to ${code?.to}`
  const codes: Effect[] = code
    ? [{ ...common, kind: 'collection_code', old: { id: customer.codeId }, new: { id: codeId }, note }]
    : []
  return [...codes, ...alertEffects(customer, accountId, update, since)]
}

function alertEffects(customer: Customer, accountId: number | null, update: AccountUpdate, since: Day): Effect[] {
  const alert = alertEffect(
    update,
    customer.alerts.map(({ text }) => text),
  )
  const ends = (alert?.ends ?? []).flatMap((place): Effect[] => {
    const old = customer.alerts[place]
    if (!old) return []
    return [
      {
        accountId,
        target: old.id,
        kind: 'alert_end',
        old: { text: old.text },
        new: null,
        note: `Alert removed: ${old.text}`,
      },
    ]
  })
  if (!alert?.adds) return ends
  const added = { text: alert.adds, since }
  return [...ends, { accountId, target: customer.id, kind: 'alert_add', old: null, new: added, note: 'Alert added' }]
}
