/**
 * The picture of the measurements is the one that its data makes, and these are the figures of RESULTS.md.
 */
import { spawnSync } from 'node:child_process'
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'

interface Results {
  readonly date: string
  readonly node: string
  readonly parts: Record<string, Part>
}

interface Part {
  readonly bars?: readonly { readonly title: string; readonly rows: readonly Row[] }[]
  readonly curves?: readonly { readonly title: string; readonly points: readonly Point[] }[]
}

type Row = readonly [label: string, value: number]
type Point = readonly [x: number, value: number]

const BENCH = new URL('../../bench/', import.meta.url)
const read = (name: string) => readFileSync(new URL(name, BENCH), 'utf8')
const results: Results = JSON.parse(read('results.json'))

function draw(...files: string[]): string {
  const script = new URL('picture/index.mjs', BENCH).pathname
  const { stdout, stderr } = spawnSync(process.execPath, [script, ...files], { encoding: 'utf8' })
  expect(stderr).toBe('')
  return stdout
}

test('the picture is drawn from the data beside it', () => {
  expect(read('results.svg')).toBe(draw())
})

test('the picture shows the figures of RESULTS.md, of the same day', () => {
  const text = read('RESULTS.md')
  const parts = Object.values(results.parts)
  const values = [
    ...parts.flatMap(({ bars = [] }) => bars.flatMap(({ rows }) => rows.map(([, value]) => value))),
    ...parts.flatMap(({ curves = [] }) => curves.flatMap(({ points }) => points.map(([, y]) => y))),
  ]

  expect(text).toContain(`- ${results.date}, Node ${results.node}`)
  expect(values.length).toBeGreaterThan(20)
  for (const value of values) {
    const label = value >= 100 ? value.toLocaleString('en-US') : String(value)
    const isThere = text.includes(`| ${label} |`) || text.includes(`| ${label}.0 |`)
    expect({ value, isThere }).toEqual({ value, isThere: true })
  }
})

describe('every kind of figure', () => {
  const file = join(tmpdir(), `jwt-gate-picture-${process.pid}.json`)
  const bars = [{ title: 'A & B', unit: 'less < more', rows: [['jwt-gate', 4] as const] }]
  const points = [[1, 3] as const, [5_000, 25] as const, [40_000, 30] as const]
  const curves = [{ title: 'Curve', unit: 'µs', x: 'tokens', marked: 5_000, points }]
  writeFileSync(file, JSON.stringify({ ...results, parts: { any: { bars, curves } } }))
  const svg = draw(file)
  rmSync(file)

  test('is drawn, in light and dark, with a description', () => {
    expect(svg.match(/<polyline points="[\d., ]+" class="line"\/>/g)).toHaveLength(1)
    expect(svg.match(/class="ours"/g)).toHaveLength(1)
    expect(svg).toContain('class="mark"')
    expect(svg).toContain('@media (prefers-color-scheme: dark)')
    expect(svg).toContain('<desc>Measured on')
  })

  test('is escaped, and refers to nothing outside', () => {
    expect(svg).toContain('A &amp; B')
    expect(svg).toContain('less &lt; more')
    expect(svg.match(/https?:[^"]+/g)).toEqual(['http://www.w3.org/2000/svg'])
  })
})
