import { accountPage } from './account-page.ts'
import { benchEngine, type Figure } from './bench.ts'
import { certification } from './certification.ts'
import { importing } from './import.ts'
import { posting } from './posting.ts'

const BENCHES = { posting, certification, accountPage, importing }

const written = (value: number): string => (value < 10 ? value.toFixed(2) : value.toFixed(0))

/** Prints every figure as a ratio against a bare baseline of the same run; exit 1 when one is over its gate. */
async function main(wanted: string[]): Promise<void> {
  const engine = await benchEngine()
  const figures: Figure[] = []
  try {
    for (const [name, bench] of Object.entries(BENCHES)) {
      if (wanted.length > 0 && !wanted.includes(name)) continue
      figures.push(...(await bench(engine)))
    }
  } finally {
    await engine.remove()
  }
  for (const f of figures) {
    const times = `${written(f.ours)} ${f.unit} against ${written(f.bare)} ${f.unit}`
    process.stdout.write(
      `${f.ratio <= f.gate ? 'ok  ' : 'OVER'} ${f.ratio.toFixed(3)} × (gate ${f.gate}) ${f.name}: ${times}\n`,
    )
  }
  if (figures.some((f) => f.ratio > f.gate)) process.exitCode = 1
}

await main(process.argv.slice(2))
