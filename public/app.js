// Clerkwell's own script: keys, focus, unsaved work. Every page works without it.
;(() => {
  const html = document.documentElement
  const $ = (selector, root = document) => root.querySelector(selector)
  const all = (selector, root = document) => [...root.querySelectorAll(selector)]
  const visible = (el) => el.checkVisibility?.() ?? el.offsetParent !== null
  const modal = () => $('dialog:modal')

  // Keys. Each presses a visible control that names it in aria-keyshortcuts; nothing else is taken from the browser.
  const TAKEN = /^(Control\+[GSK]|F1|F9|Alt\+(N|PageUp|PageDown|ArrowUp|ArrowDown|[0-9])|Alt\+Shift\+[12])$/
  const keyOf = (e) => {
    const digit = /^Digit(\d)$/.exec(e.code)?.[1]
    const key = e.altKey && digit ? digit : e.key.length === 1 ? e.key.toUpperCase() : e.key
    return (e.ctrlKey ? 'Control+' : '') + (e.altKey ? 'Alt+' : '') + (e.shiftKey ? 'Shift+' : '') + key
  }
  const controlFor = (key) => {
    const root = modal() ?? document
    const found = all('[aria-keyshortcuts]', root).filter((el) =>
      el.getAttribute('aria-keyshortcuts').split(' ').includes(key),
    )
    const usable = found.filter((el) => !el.disabled && (visible(el) || key === 'F1'))
    // A screen's own lookup comes before the one in the bar.
    return usable.find((el) => el.closest('#main')) ?? usable[0]
  }
  // When each control appeared: with the page, or in its place later.
  const shownAt = new WeakMap()
  const note = () => {
    for (const el of all('[aria-keyshortcuts]')) if (!shownAt.has(el)) shownAt.set(el, performance.now())
  }
  note()
  let goneAt = -1e9
  const press = (e, key) => {
    const control = controlFor(key)
    if (!control) return
    e.preventDefault()
    if (key === 'Control+G') {
      note()
      // A second press within a second was not meant for what has appeared since; a preview may be asked for at once.
      const now = performance.now()
      if (e.repeat || now - goneAt < 1000) return
      if (!('preview' in control.dataset) && now - shownAt.get(control) < 1000) return
      goneAt = now
    }
    if (control.matches('input:not([type=submit]), textarea, select')) {
      control.focus()
      control.select?.()
    } else if (!e.repeat) control.click()
  }

  // Dates: T is today, + and - the next and the day before.
  const pad = (n) => String(n).padStart(2, '0')
  const dateKey = (e) => {
    const input = e.target
    if (!input.matches?.('input[data-date]') || e.ctrlKey || e.altKey || input.readOnly) return false
    const step = { '+': 1, '=': 1, '-': -1 }[e.key]
    if (!step && e.key.toLowerCase() !== 't') return false
    const [year, month, day] = (html.dataset.today ?? '').split('-').map(Number)
    const typed = /^(\d{1,2})\/(\d{1,2})\/(\d{4})$/.exec(input.value.trim())
    if (e.key === '-' && !typed) return false
    const base = step && typed ? [Number(typed[3]), Number(typed[1]), Number(typed[2])] : [year, month, day]
    if (!base[0]) return false
    const date = new Date(Date.UTC(base[0], base[1] - 1, base[2] + (step && typed ? step : 0)))
    input.value = `${pad(date.getUTCMonth() + 1)}/${pad(date.getUTCDate())}/${date.getUTCFullYear()}`
    input.dispatchEvent(new Event('input', { bubbles: true }))
    return true
  }

  // Data entry: Enter goes to the next field, and on the last one saves the line.
  const stops = 'input:not([type=hidden], [readonly], :disabled), select:not(:disabled), textarea'
  const enterKey = (e) => {
    const form = e.target.form
    if (e.key !== 'Enter' || !form || !('entry' in form.dataset)) return false
    if (e.target.matches('textarea, button, [role=combobox][aria-expanded=true]')) return false
    const fields = all(stops, form).filter(visible)
    const next = e.ctrlKey ? undefined : fields[fields.indexOf(e.target) + (e.shiftKey ? -1 : 1)]
    if (next) {
      next.focus()
      next.select?.()
    } else if (!e.shiftKey) form.requestSubmit()
    return true
  }

  // Up, Down, Home and End move between the rows of a table and of a list of suggestions.
  const arrowKey = (e) => {
    if (e.ctrlKey || e.altKey || e.shiftKey) return false
    const list = e.target.closest?.('.goto, [data-combo]')
    if (list && ['ArrowDown', 'ArrowUp'].includes(e.key)) {
      const links = all('.suggestions a', list)
      const to = links[links.indexOf(e.target) + (e.key === 'ArrowDown' ? 1 : -1)] ?? $('input', list)
      to?.focus()
      return links.length > 0
    }
    const row = e.target.closest?.('.ledger tbody tr')
    if (!row || !e.target.matches('a, [type=checkbox], [type=radio]')) return false
    const rows = all('tr', row.closest('tbody')).filter((tr) => $('a, [type=checkbox], [type=radio]', tr))
    const at = { ArrowDown: rows.indexOf(row) + 1, ArrowUp: rows.indexOf(row) - 1, Home: 0, End: rows.length - 1 }[
      e.key
    ]
    const to = rows[at]
    if (!to) return false
    const column = (el) => el.closest('td, th').cellIndex
    const twin = all('a, [type=checkbox], [type=radio]', to).find(
      (el) => column(el) === column(e.target) && el.tagName === e.target.tagName,
    )
    ;(twin ?? $('a, input', to)).focus()
    return true
  }

  // While the selected row of a list has the focus, a letter presses the action that shows it.
  const letterKey = (e) => {
    if (e.ctrlKey || e.altKey || e.metaKey || e.shiftKey || !/^[a-z]$/i.test(e.key)) return false
    const row = e.target.closest?.('tr')
    if (!row || !('rowKeys' in row.dataset) || !e.target.matches('a')) return false
    const control = controlFor(e.key.toUpperCase())
    if (control && !e.repeat) control.click()
    return control !== undefined
  }

  const leave = (e) => {
    if (modal()) return
    const open = all('details[name=menu][open]')
    for (const details of open) details.open = false
    if (open.length) return $('summary', open[0]).focus()
    const list = e.target.closest?.('.goto, [data-combo]')
    const shown = list && $('.suggestions', list)
    if (shown?.firstChild) {
      shown.replaceChildren()
      return $('input', list).focus()
    }
    if (e.target.matches?.('input:not([type=checkbox], [type=radio]), textarea')) e.target.value = e.target.defaultValue
  }

  document.addEventListener('keydown', (e) => {
    if (e.defaultPrevented || e.isComposing) return
    if (e.key === 'Alt') html.dataset.alt = ''
    if (e.key === 'Escape') return leave(e)
    if (dateKey(e) || enterKey(e) || arrowKey(e) || letterKey(e)) return e.preventDefault()
    const key = keyOf(e)
    if (TAKEN.test(key)) press(e, key)
  })
  const altUp = () => delete html.dataset.alt
  document.addEventListener('keyup', (e) => e.key === 'Alt' && altUp())
  addEventListener('blur', altUp)
  document.addEventListener('focusin', (e) => e.target.form && 'entry' in e.target.form.dataset && e.target.select?.())

  // F1: the keys of the controls that are on this screen now, in a dialog, or at the end of the routine's help.
  const WORDS = { Control: 'Ctrl', PageUp: 'PgUp', PageDown: 'PgDn', ArrowUp: '↑', ArrowDown: '↓' }
  const words = (keys) =>
    keys
      .split(' ')
      .map((key) => key.replace(/\w+/g, (part) => WORDS[part] ?? part))
      .join(' or ')
  const nameOf = (el) => {
    const copy = el.cloneNode(true)
    for (const key of all('kbd, svg', copy)) key.remove()
    return el.getAttribute('aria-label') ?? copy.textContent.trim()
  }
  const listKeys = (list) => {
    const rows = all('[aria-keyshortcuts]').filter((el) => visible(el) && !list.contains(el))
    list.replaceChildren(
      ...rows.flatMap((el) => {
        const term = document.createElement('dt')
        const text = document.createElement('dd')
        term.textContent = words(el.getAttribute('aria-keyshortcuts'))
        text.textContent = nameOf(el)
        return [term, text]
      }),
    )
  }

  const openDialog = (id) => {
    const dialog = document.getElementById(id)
    if (!dialog || dialog.open) return
    const list = $('[data-keys]', dialog)
    if (list) listKeys(list)
    dialog.showModal()
  }

  document.addEventListener(
    'toggle',
    (e) => {
      const part = e.target.open && e.target.matches?.('details') && $('[data-keys-part]', e.target)
      if (!part) return
      part.hidden = false
      listKeys($('[data-keys]', part))
      $('summary', e.target).focus()
    },
    true,
  )

  // Copy a table as text for a spreadsheet; a cell that would be a formula there stays text.
  const safe = (text) => (/^[=+@\t\r]/.test(text) || (/^-/.test(text) && !/^-[\d,.]+$/.test(text)) ? `'${text}` : text)
  const copyTable = (button) => {
    const rows = all('tr', document.querySelector(button.dataset.copy))
    const text = rows
      .map((tr) => [...tr.cells].map((td) => safe(td.textContent.trim().replace(/\s+/g, ' '))).join('\t'))
      .join('\n')
    navigator.clipboard?.writeText(text).then(() => button.setAttribute('data-copied', ''))
  }

  document.addEventListener('click', (e) => {
    const t = e.target.closest('[data-dialog], [data-close], [data-copy], [data-print], [data-dismiss], [data-all]')
    if (t?.dataset.dialog) openDialog(t.dataset.dialog)
    else if (t && 'close' in t.dataset) t.closest('dialog')?.close()
    else if (t?.dataset.copy) copyTable(t)
    else if (t?.matches('[data-print]')) print()
    else if (t && 'dismiss' in t.dataset) t.closest('.alert')?.remove()
    else if (t?.dataset.all)
      for (const box of all(`input[type=checkbox][name="${t.dataset.all}"]`)) box.checked = t.checked
    for (const menu of all('details[name=menu][open]')) if (!menu.contains(e.target)) menu.open = false
  })

  // Unsaved work is asked about before the page is left.
  const dirty = new Set()
  // The form on its way: it stays unsaved until the page is really left, for another one may keep it here.
  let sent
  document.addEventListener('input', (e) => {
    const { form } = e.target
    if (form === sent) sent = undefined
    if (form && 'guard' in form.dataset) dirty.add(form)
    offer()
  })
  document.addEventListener('submit', (e) => {
    sent = e.target
  })
  // A form that comes back refused, or beside somebody else's changes, holds what is not saved.
  const noteUnsaved = (root, errors) => {
    const guarded = all('form[data-guard]', root.parentNode ?? root)
    const alone = guarded.length === 1 && errors?.matches('.warn')
    const refused = (form) => [...form.elements].some((el) => el.getAttribute('aria-invalid') === 'true')
    for (const form of guarded) if (alone || 'unsaved' in form.dataset || refused(form)) dirty.add(form)
  }
  addEventListener('beforeunload', (e) => {
    if ([...dirty].some((form) => form !== sent && form.isConnected)) e.preventDefault()
    sent = undefined
  })

  // A box that another field must be filled for is offered once it is; a ticked one can always be cleared.
  const offer = () => {
    for (const label of all('[data-needs]')) {
      const box = $('input', label)
      box.disabled = !box.checked && !document.getElementById(label.dataset.needs)?.value.trim()
    }
  }
  // A double-click on a row presses its Edit.
  document.addEventListener('dblclick', (e) => {
    const row = e.target.closest('tr[data-open]')
    if (row && !e.target.closest('a')) $('a', row)?.click()
  })

  // What appears: dialogs that open themselves, the error summary that takes the focus.
  const settle = (root) => {
    const errors = $('#errors', root)
    noteUnsaved(root, errors)
    offer()
    if (errors) errors.focus()
    else if (root.id === 'main') root.focus()
    for (const dialog of all('dialog[data-open]', root)) if (!dialog.open) dialog.showModal()
  }
  document.addEventListener('htmx:configRequest', (e) => {
    e.detail.headers['X-CSRF-Token'] = $('meta[name=csrf]').content
  })
  document.addEventListener('htmx:afterSettle', (e) => {
    note()
    settle(e.detail.elt)
  })
  // htmx notes the path for its history, which is off; a path can hold what was looked up.
  const forget = () => sessionStorage.clear()
  for (const name of ['htmx:pushedIntoHistory', 'htmx:replacedInHistory']) document.addEventListener(name, forget)
  forget()
  settle(document)
  // A field may have taken the focus before this script came: in data entry its content is typed over.
  const first = document.activeElement
  if (first?.form && 'entry' in first.form.dataset) first.select?.()
})()
