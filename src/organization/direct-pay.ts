import { sql } from 'drizzle-orm'
import { rows } from '../db/db.ts'
import { directPayForm } from './direct-pay-form.ts'
import { settingTab } from './setting-tab.ts'
import { options } from './tab.ts'

/** Organization > Organization > Direct Pay. */
export const directPay = settingTab({
  label: 'Direct Pay',
  path: 'direct-pay',
  form: directPayForm,
  lists: async (db) => ({
    options: {
      budgetDemographicItem: options(
        await rows<{ code: string; name: string }>(db, sql`select code, name from demographic_item order by code`),
      ),
    },
  }),
})
