import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { csvLine, firstLine, readCsv } from './csv.ts'

let folder = ''
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'clerkwell-csv-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

async function read(content: string | Buffer) {
  const file = path.join(folder, `${crypto.randomUUID()}.csv`)
  writeFileSync(file, content)
  const records: { cells: string[]; line: number }[] = []
  const fault = await readCsv(file, (cells, last) => records.push({ cells, line: firstLine(cells, last) }))
  return { records, fault }
}

const field = fc.string({
  unit: fc.oneof(
    fc.constantFrom('"', ',', '\n', '\r', ' ', '=', '+', 'é', '漢', '😀'),
    fc.string({ minLength: 1, maxLength: 1 }),
  ),
})
const text = field.map((value) => value.replaceAll('\0', '').toWellFormed())

describe('CSV', () => {
  it('reads back whatever it wrote', async () => {
    const rows = fc
      .integer({ min: 2, max: 6 })
      .chain((width) =>
        fc.array(fc.array(text, { minLength: width, maxLength: width }), { minLength: 1, maxLength: 8 }),
      )
    await fc.assert(
      fc.asyncProperty(rows, async (written) => {
        const { records, fault } = await read(written.map(csvLine).join(''))
        expect(fault).toBeUndefined()
        expect(records.map((record) => record.cells)).toEqual(written)
      }),
      { numRuns: 200 },
    )
  })

  it('quotes only where it must and prefixes nothing', () => {
    expect(csvLine(['=1+1', ' a ', "'x", '@b', 'é'])).toBe("=1+1, a ,'x,@b,é\n")
    expect(csvLine(['a,b', 'say "hi"', 'two\nlines', 'cr\r'])).toBe('"a,b","say ""hi""","two\nlines","cr\r"\n')
  })

  it('takes a byte order mark, CRLF, blank lines and a missing last line feed', async () => {
    const { records } = await read('\ufeffa,b\r\n1,"x\ny"\r\n\r\n2,z')
    expect(records.map((record) => record.cells)).toEqual([
      ['a', 'b'],
      ['1', 'x\ny'],
      ['2', 'z'],
    ])
  })

  it('names the line that a record starts on', async () => {
    const { records } = await read('a,b\n1,"x\ny\nz"\n2,"q"\n\n3,w\n')
    expect(records.map((record) => record.line)).toEqual([1, 2, 5, 7])
  })

  it.each([
    ['a quote left open', 'a,b\n1,2\n3,"open\n', 3],
    ['a quote inside a field', 'a,b\n1,x"y"\n', 2],
    ['text after a closing quote', 'a,b\n1,2\n"x"y,2\n', 3],
  ])('refuses %s', async (_, content, line) => {
    const { fault } = await read(content)
    expect(fault?.reason).toMatch(/not CSV/)
    expect(fault?.line).toBeGreaterThanOrEqual(line)
  })

  it('refuses bytes that are not UTF-8, and NUL, with their line', async () => {
    expect((await read(Buffer.from([97, 44, 98, 10, 49, 44, 0xff, 10]))).fault).toEqual({
      line: 2,
      reason: 'this is not UTF-8',
    })
    expect((await read(Buffer.from([97, 44, 98, 10, 0xc3]))).fault?.line).toBe(2)
    expect((await read('a,b\n1,2\n3,\0\n')).fault).toEqual({ line: 3, reason: 'a NUL character is not text' })
  })

  it('hears the end of an empty file', async () => {
    expect(await read('')).toEqual({ records: [], fault: undefined })
  })
})
