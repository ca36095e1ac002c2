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
  /** Tabs on until the link to this address has the focus. */
  tabToLink(href: string): Promise<void>
  /** Tabs to a field and types over what it holds. */
  fill(label: string | RegExp, text: string): Promise<void>
  /** Presses a key that leads to another page; CTRL+G not before a second on this one, for it wants that. */
  go(key: string): Promise<void>
  /** Presses the key that the control with this text shows. */
  shortcut(name: string | RegExp): Promise<void>
  /** F9, a screen's or an account's name, Enter. */
  lookUp(name: string): Promise<void>
  /** The words of main, without their white space. */
  main(): Promise<string>
  /** What the hands have done since it was last asked. */
  taken(): Strokes
}

/** Work of the hands: keys pressed (a chord is one), characters typed, pages that came. */
export interface Strokes {
  keys: number
  characters: number
  pages: number
}

const matches = (said: string, label: string | RegExp) =>
  typeof label === 'string' ? said === label : label.test(said)

export function keyboardOf(page: Page): Keyboard {
  const focused = async () => (await page.evaluate(FOCUSED)) as string
  let strokes = { keys: 0, characters: 0, pages: 0 }
  page.on('load', () => {
    strokes.pages += 1
  })
  const press = (key: string) => {
    strokes.keys += 1
    return page.keyboard.press(key)
  }
  const type = (text: string) => {
    strokes.characters += text.length
    return page.keyboard.type(text)
  }
  const address = async () => String(await page.evaluate('document.activeElement?.getAttribute("href")'))
  const settled = () => page.waitForLoadState('load')

  async function tabUntil(what: string, seen: () => Promise<string>, there: (said: string) => boolean): Promise<void> {
    const passed: string[] = []
    for (let times = 0; times < 400; times += 1) {
      const said = await seen()
      if (there(said)) return
      passed.push(said)
      await press('Tab')
    }
    throw new Error(`Tab never comes to ${what}; it passed ${[...new Set(passed)].join(' / ')}`)
  }
  const tabTo = (label: string | RegExp) => tabUntil(String(label), focused, (said) => matches(said, label))

  async function leaving(action: () => Promise<void>): Promise<void> {
    const left = page.waitForEvent('framenavigated')
    await action()
    await left
    await settled()
  }

  async function go(key: string): Promise<void> {
    if (/\+g$/i.test(key)) await page.waitForTimeout(1100)
    await leaving(() => press(key))
  }

  return {
    press,
    type,
    tabTo,
    tabToLink: (href) => tabUntil(href, address, (said) => said === href),
    go,
    async fill(label, text) {
      await tabTo(label)
      await press('ControlOrMeta+a')
      await type(text)
    },
    async shortcut(name) {
      const control = page.locator('[aria-keyshortcuts]', { hasText: name }).first()
      const keys = (await control.getAttribute('aria-keyshortcuts'))?.split(' ')[0] ?? ''
      await go(keys.replace('Control', 'ControlOrMeta'))
    },
    async lookUp(name) {
      await press('F9')
      await press('ControlOrMeta+a')
      await type(name)
      await leaving(() => press('Enter'))
    },
    main: () => wordsOf(page.locator('main')),
    taken() {
      const done = strokes
      strokes = { keys: 0, characters: 0, pages: 0 }
      return done
    },
  }
}
