// The rules of the house as functions over files, so that each can be shown able to fail. Paths start at the project's
// root; every function gives one sentence for each fault.
import path from 'node:path'

/** Path → text. */
export type Files = ReadonlyMap<string, string>

interface Import {
  /** A path of ours, or the name of a package or a part of Node. */
  target: string
  /** Gone before the program runs. */
  typeOnly: boolean
}

const STATIC =
  /^(?:import|export)\s+(type\s+)?(?:[\w$]+\s*,?\s*)?(?:\*(?:\s+as\s+[\w$]+)?|\{[^'"]*?\})?\s*(?:from\s+)?'([^'\n]+)'/gm
const DYNAMIC = /\bimport\(\s*'([^'\n]+)'\s*\)/g

function resolved(file: string, target: string): string {
  if (target.startsWith('.')) return path.posix.join(path.posix.dirname(file), target)
  return target.startsWith('@') ? target.split('/').slice(0, 2).join('/') : (target.split('/')[0] ?? target)
}

/** What a file imports. */
export function importsOf(file: string, text: string): Import[] {
  const fixed = [...text.matchAll(STATIC)].map((found) => ({
    target: resolved(file, found[2] ?? ''),
    typeOnly: found[1] !== undefined,
  }))
  const late = [...text.matchAll(DYNAMIC)].map((found) => ({ target: resolved(file, found[1] ?? ''), typeOnly: false }))
  return [...fixed, ...late]
}

/** Everything a file reaches when it runs, to the end. */
function reach(files: Files, file: string, seen = new Set<string>()): Set<string> {
  for (const { target, typeOnly } of importsOf(file, files.get(file) ?? '')) {
    if (typeOnly || seen.has(target)) continue
    seen.add(target)
    if (files.has(target)) reach(files, target, seen)
  }
  return seen
}

const isTest = (file: string) => /\.test\.ts$/.test(file) || file.startsWith('src/testing/')
const isRules = (file: string) => /(^|[/-])rules\.ts$/.test(file)
const featureOf = (file: string) => /^src\/([^/]+)\//.exec(file)?.[1]

const PURE_PACKAGES = new Set(['big.js', 'temporal-polyfill'])
const IMPURE_ROLE = /(^|[/-])(store|service|pages|forms|config|log|app|main)\.ts$/
const WORLD = /\bprocess\.|\bDate\.now\(|\bnew Date\(\)|\bTemporal\.Now\b|\bMath\.random\(/

/** rules.ts decides from facts alone: no database, clock, request, chance or framework, however far away. */
export function impureRules(files: Files): string[] {
  return [...files]
    .filter(([file]) => isRules(file))
    .flatMap(([file, text]) => {
      const reached = [...reach(files, file)].filter((target) =>
        target.startsWith('src/') ? IMPURE_ROLE.test(target) : !PURE_PACKAGES.has(target),
      )
      const faults = reached.map((target) => `${file} reaches ${target}`)
      return WORLD.test(text) ? [...faults, `${file} looks at the world (clock, process or chance)`] : faults
    })
}

/** The ledger stands alone: of the rest of src it knows the database folder and the errors only. */
export function ledgerDependencies(files: Files): string[] {
  return [...files]
    .filter(([file]) => file.startsWith('src/ledger/') && !isTest(file))
    .flatMap(([file, text]) =>
      importsOf(file, text)
        .filter(({ target }) => target.startsWith('src/'))
        .filter(({ target }) => !/^src\/(ledger\/|db\/|errors\.ts$)/.test(target))
        .map(({ target }) => `${file} imports ${target}`),
    )
}

/** A feature speaks to another through its rules or its service, never through its tables or pages. */
export function foreignInsides(files: Files): string[] {
  return [...files]
    .filter(([file]) => featureOf(file) !== undefined && !isTest(file))
    .flatMap(([file, text]) =>
      importsOf(file, text)
        .filter(({ target }) => /(^|[/-])(store|pages)\.ts$/.test(target) && featureOf(target) !== featureOf(file))
        .map(({ target }) => `${file} imports ${target}`),
    )
}

/** The sign-in library is deprecated: one file knows it, so one file replaces it. */
export function luciaOutside(files: Files): string[] {
  return [...files]
    .filter(([file]) => file !== 'src/auth/session.ts')
    .filter(([file, text]) =>
      importsOf(file, text).some(({ target }) => target === 'lucia' || target.startsWith('@lucia-auth/')),
    )
    .map(([file]) => `${file} imports lucia`)
}

/** The environment is parsed once, in src/config.ts. Tests, benchmarks and the demonstration set up their own. */
export function environmentReaders(files: Files): string[] {
  return [...files]
    .filter(([file]) => file !== 'src/config.ts' && !isTest(file) && !/^src\/(bench\/|demo\.ts$)/.test(file))
    .filter(([, text]) => /\bprocess\s*(\.\s*env\b|\[)|from 'node:process'/.test(text))
    .map(([file]) => `${file} reads the environment`)
}

/** No file is longer than `most` lines. */
export function tooLong(files: Files, most: number): string[] {
  return [...files]
    .map(([file, text]) => ({ file, lines: text.trimEnd().split('\n').length }))
    .filter(({ lines }) => lines > most)
    .map(({ file, lines }) => `${file} has ${lines} lines`)
}

const inTags = (text: string) => text.replace(/\{%[\s\S]*?%\}|\{\{[\s\S]*?\}\}|\{#[\s\S]*?#\}/g, '')
const FORBIDDEN: { what: string; is: (text: string) => boolean }[] = [
  { what: 'the filter safe', is: (text) => /\|\s*safe\b/.test(text) },
  { what: 'a style attribute', is: (text) => /\sstyle\s*=/i.test(inTags(text)) },
  { what: 'an event attribute', is: (text) => /\son[a-z]+\s*=/i.test(inTags(text)) },
  { what: 'hx-on', is: (text) => /\bhx-on\b/i.test(text) },
  { what: 'a value computed by script', is: (text) => /["'\s](js|javascript):/i.test(text) },
  { what: 'an inline script', is: (text) => /<script(?![^>]*\ssrc=)/i.test(text) },
  { what: 'an inline style sheet', is: (text) => /<style\b/i.test(text) },
]

/** Templates hold nothing the content policy would have to allow, and never put text out unescaped. */
export function unsafeTemplates(files: Files): string[] {
  return [...files].flatMap(([file, text]) =>
    FORBIDDEN.filter(({ is }) => is(text)).map(({ what }) => `${file} has ${what}`),
  )
}

/** Drizzle passes over a migration dated before the last one applied: time stamps must grow from one to the next. */
export function migrationsOutOfOrder(journal: { entries: { tag: string; when: number }[] }): string[] {
  return journal.entries
    .filter((entry, index) => index > 0 && entry.when <= (journal.entries[index - 1]?.when ?? 0))
    .map((entry) => `${entry.tag} is not later than the migration before it`)
}
