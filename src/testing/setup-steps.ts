import type { Browser } from './browser.ts'
import { formOf } from './form.ts'

/** Sends a step of Setup New Customers as it stands with some fields changed; an undefined one is unticked. */
export async function sendStep(by: Browser, url: string, typed: Record<string, string | undefined>, wanted = 'next') {
  const page = await by.get(url)
  const form = { ...formOf(page.text, 'setup'), ...typed, do: wanted }
  const fields = Object.fromEntries(Object.entries(form).filter(([, value]) => value !== undefined))
  const action = /<form id="setup"[^>]* action="([^"]*)"/.exec(page.text)?.[1]?.replaceAll('&amp;', '&') ?? ''
  return by.post(action, fields as Record<string, string>)
}
