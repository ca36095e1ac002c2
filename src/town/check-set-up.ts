import { type Day, isDay, periodOf } from '../ledger/calendar.ts'
import { allocationFaults } from '../organization/rules.ts'
import { checkLayouts } from './check-layouts.ts'
import type { Faults } from './faults.ts'
import type { Picture } from './picture.ts'

const ROLES: Record<string, string> = {
  open_credit_gl: 'utility',
  certification_receivable_gl: 'certified',
  deposit_gl: 'deposit',
}

/** What only shows when all set-up files are read: settings that name what is not there, and GL accounts in two roles. */
export function checkSetUp(picture: Picture, faults: Faults): void {
  checkSettings(picture, faults)
  checkRoles(picture, faults)
  checkAllocation(picture, faults)
  checkLayouts(picture, faults)
}

function checkSettings(picture: Picture, faults: Faults): void {
  for (const [name, { value, line }] of picture.settings) {
    if (value === '' || line === 0) continue
    const refuse = (reason: string) => faults.add('organization.csv', line, 'value', `${name}: ${reason}`)
    if (name.endsWith('_gl') && !picture.gl.has(value)) refuse(`there is no GL account ${value}`)
    if (name.endsWith('_service') && !picture.services.has(value)) refuse(`there is no service ${value}`)
    if (name === 'current_period' && !isPeriod(value, picture)) refuse(`no period ends on ${value}`)
  }
}

/** True for a listed end date and for a month end outside the listed ones, which is made when it is needed. */
export function isPeriod(end: Day, picture: Pick<Picture, 'periods'>): boolean {
  return isDay(end) && periodOf(end, [...picture.periods.keys()]) === end
}

/** The book that each GL account controls, as the database derives it. `twice` hears of a second role and who gives it. */
export function glRoles(picture: Picture, twice: (gl: string, giver: string) => void = () => {}): Map<string, string> {
  const roles = new Map<string, string>()
  const give = (gl: string | null, role: string, giver: string) => {
    if (!gl) return
    if (roles.has(gl) && roles.get(gl) !== role) twice(gl, giver)
    else roles.set(gl, role)
  }
  for (const { code, receivableGl } of picture.services.values()) give(receivableGl, 'utility', `receivable_gl ${code}`)
  for (const { code, revenueGl } of picture.services.values()) give(revenueGl, 'general', `revenue_gl ${code}`)
  for (const [code, gl] of picture.methods) give(gl, 'general', `method ${code}`)
  for (const [name, { value }] of picture.settings)
    if (name.endsWith('_gl')) give(value, ROLES[name] ?? 'general', name)
  return roles
}

function checkRoles(picture: Picture, faults: Faults): void {
  glRoles(picture, (gl, giver) => {
    const reason = `GL account ${gl} cannot serve as two different things`
    const place = picture.places.get(giver)
    if (place) faults.add(place.file, place.line, place.column, reason)
    else faults.add('organization.csv', picture.settings.get(giver)?.line ?? 1, 'value', `${giver}: ${reason}`)
  })
}

/** A service twice in the priority lists, or both listed for overpayments and excluded from them. */
function checkAllocation({ allocation: { lists, lines } }: Picture, faults: Faults): void {
  for (const { detail, refusal } of allocationFaults(lists, Object.values(lists).flat())) {
    const service = detail.service ?? ''
    const reason = refusal === 'overpayment_and_excluded' ? 'is both listed and excluded' : 'is listed twice'
    faults.add('payment_allocation.csv', lines.get(service) ?? 1, 'service', `service ${service} ${reason}`)
  }
}
