import type { Request, Response } from 'express'
import { tabPage } from '../accounts/inquiry.ts'
import { protectedField } from '../auth/step-up.ts'
import { Conflict, Forbidden } from '../errors.ts'
import { type Person, personOf, personRoute, type Who } from '../panel/person.ts'
import { PANEL } from '../panel/tabs.ts'
import { context } from '../web/context.ts'
import type { Deps } from '../web/deps.ts'
import { flash } from '../web/flash.ts'
import type { FormView } from '../web/form.ts'
import { refusedErrors } from '../web/refused.ts'
import type { Feature } from '../web/routes.ts'
import { tellChanges } from '../web/seen.ts'
import { goTo } from '../web/view.ts'
import { openPersonal, readPersonal, type Secret, savePersonal } from './personal.ts'
import { masksOf, personalForm, personalTab } from './personal-tab.ts'

const LABELS: Record<Secret, string> = { licence: "Driver's License No.", ssn: 'Social Security No.' }

/** Personal Info: Save, and Show with the password for each protected number, audited before it is shown [001-135, 001-136]. */
export function addPersonalPages(made: Feature, deps: Deps): void {
  personRoute(made, 'post', 'personal-info', 'customers.personal', save)
  for (const who of ['customer', 'owner'] as const) {
    for (const field of ['licence', 'ssn'] as const) addShow(made, deps, who, field)
  }
}

function addShow(made: Feature, deps: Deps, who: Who, field: Secret): void {
  protectedField(made, deps, {
    label: LABELS[field],
    path: `/panel/:number/${who}/personal-info/${field}`,
    need: 'customers.reveal',
    subject: 'customer',
    field,
    find: async (req, res) => {
      req.params.who = who
      const person = await personOf(req, res)
      const mask = masksOf(await readPersonal(context(res), person.id))[field]
      const title = `${person.number} ${person.name}`
      return { key: person.number, title, mask, back: `${person.base}/personal-info`, customerId: person.id, person }
    },
    read: ({ person }, _req, res) => openPersonal(context(res), person, field),
  })
}

async function save(req: Request, res: Response): Promise<void> {
  const ctx = context(res)
  const person = await personOf(req, res)
  if (!ctx.may('customers.edit')) throw new Forbidden('customers.edit')
  const parsed = personalForm.parse(req.body)
  if (!parsed.ok) return again(person, req, res, parsed.view, 422)
  try {
    await savePersonal(ctx, person, { id: person.id, version: parsed.data.version ?? 0 }, parsed.data)
    flash(req, `Saved. Personal information of ${person.number} ${person.name}.`)
    goTo(req, res, `${person.base}/personal-info`)
  } catch (error) {
    if (error instanceof Conflict) return tell(person, req, res, error)
    return again(person, req, res, personalForm.show(req.body as object, refusedErrors(error)), 422)
  }
}

/** Somebody else changed the customer meanwhile; what was typed into a masked field has to be typed again. */
async function tell(was: Person, req: Request, res: Response, conflict: Conflict): Promise<void> {
  const person = await personOf(req, res)
  const { birthDate, licenceState } = await readPersonal(context(res), person.id)
  const told = tellChanges(personalForm, req.body, { birthDate, licenceState, version: person.version })
  const theirs = told.theirs.length > 0 ? told.theirs : [conflict.message]
  await again(was, req, res, told.form, 409, { theirs })
}

async function again(person: Person, req: Request, res: Response, form: FormView, status: number, more: object = {}) {
  await tabPage(PANEL, personalTab[person.who], { data: { form, ...more }, status })(req, res)
}
