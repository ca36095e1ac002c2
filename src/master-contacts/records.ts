import type { RecordKind } from '../customers/record.ts'
import { nextNumber } from '../customers/rows.ts'
import { masterContact } from '../db/tables/master-contacts.ts'
import { masterForm } from './forms.ts'
import {
  addMaster,
  changeMaster,
  findMaster,
  listMasters,
  type MasterData,
  removeMaster,
  suggestionsFor,
} from './service.ts'

/** Customers > Master Contacts: the list with each one's records, the form, and what may be the same person [003-028 to 003-034]. */
export const masterContacts: RecordKind<MasterData> = {
  path: '/master-contacts',
  noun: 'master contact',
  table: masterContact,
  title: 'Master Contacts',
  menu: 'Customers > Master Contacts',
  listTemplate: 'master-contacts/list',
  formTemplate: 'master-contacts/master',
  form: () => masterForm,
  options: async () => ({}),
  initial: async ({ db }, { name = '' }) => ({ number: await nextNumber(db, 'master_contact'), name }),
  find: async ({ db }, number) => {
    const found = await findMaster(db, number)
    return found && { id: found.id, number, version: found.version, values: found.values }
  },
  list: ({ db }, query, limit, offset) => listMasters(db, query, limit, offset),
  add: (ctx, data) => addMaster(ctx, data),
  change: (ctx, at, data) => changeMaster(ctx, at, data),
  remove: (ctx, at) => removeMaster(ctx, at),
  more: async ({ db }, { number }) => {
    const master = await findMaster(db, number)
    return master ? { master, suggestions: master.mergedInto ? [] : await suggestionsFor(db, master) } : {}
  },
}
