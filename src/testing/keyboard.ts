import type { Page } from 'playwright-core'
import { wordsOf } from './browser-walk.ts'

/** Words of the control that has the focus: its label, its own name, or its text. */
const FOCUSED = `(() => { const el = document.activeElement; if (!el || el === document.body) return ''
  const label = el.getAttribute('aria-label') ?? [...(el.labels ?? [])].map((each) => each.textContent).join(' ')
  return (label || el.textContent || '').replace(/\\s+/g, ' ').trim() })()`

/** A clerk's hands on the keyboard: nothing here clicks. */
export interface Keyboard {
  press(key: string): Promise<void>
  type(text: string): Promise<void>
  /** Tabs on until the control with this label, or text, has the focus; refuses where Tab never gets there. */
  tabTo(label: string | RegExp): Promise<void>
  /** Tabs to a field and types over what it holds. */
  fill(label: string | RegExp, text: string): Promise<void>
  /** Presses a key that leads to another page, not before a second on this one: CTRL+G wants that. */
  go(key: string): Promise<void>
  /** Presses the key that the control with this text shows. */
  shortcut(name: string | RegExp): Promise<void>
  /** F9, a screen's or an account's name, Enter. */
  lookUp(name: string): Promise<void>
  /** The words of main, without their white space. */
  main(): Promise<string>
}

const matches = (said: string, label: string | RegExp) =>
  typeof label === 'string' ? said === label : label.test(said)

export function keyboardOf(page: Page): Keyboard {
  const focused = async () => (await page.evaluate(FOCUSED)) as string
  const press = (key: string) => page.keyboard.press(key)
  const type = (text: string) => page.keyboard.type(text)
  const settled = () => page.waitForLoadState('load')

  async function tabTo(label: string | RegExp): Promise<void> {
    const passed: string[] = []
    for (let times = 0; times < 200; times += 1) {
      const said = await focused()
      if (matches(said, label)) return
      passed.push(said)
      await press('Tab')
    }
    throw new Error(`Tab never comes to ${label}; it passed ${[...new Set(passed)].join(' / ')}`)
  }

  async function leaving(action: () => Promise<void>): Promise<void> {
    const left = page.waitForEvent('framenavigated')
    await action()
    await left
    await settled()
  }

  async function go(key: string): Promise<void> {
    await page.waitForTimeout(1100)
    await leaving(() => press(key))
  }

  return {
    press,
    type,
    tabTo,
    go,
    async fill(label, text) {
      await tabTo(label)
      await press('ControlOrMeta+a')
      await type(text)
    },
    async shortcut(name) {
      const control = page.locator('[aria-keyshortcuts]', { hasText: name }).first()
      const keys = (await control.getAttribute('aria-keyshortcuts'))?.split(' ')[0] ?? ''
      await leaving(() => press(keys.replace('Control', 'ControlOrMeta')))
    },
    async lookUp(name) {
      await press('F9')
      await press('ControlOrMeta+a')
      await type(name)
      await leaving(() => press('Enter'))
    },
    main: () => wordsOf(page.locator('main')),
  }
}
