/**
 * The gates of `npm run check` work: each file in `rejected` names in its first line the rule that must reject it, and the files
 * in `accepted` pass, although they come as close as allowed.
 */
import { readdirSync, readFileSync, rmSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { type Findings, layOut, runBiome, runKnip, runLadder, runTsc } from './run-gates.ts'

const REJECTED = join(import.meta.dirname, 'rejected')
const ACCEPTED = join(import.meta.dirname, 'accepted')
const BIOME_SETTINGS = resolve(import.meta.dirname, '../../biome.json')

const tree = layOut([ACCEPTED, REJECTED])
afterAll(() => rmSync(tree, { recursive: true, force: true }))

const biome = runBiome(tree)
const tsc = runTsc(REJECTED)
const knip = runKnip(tree)
const ladder = runLadder(tree)
const rejected = listFiles(REJECTED).map((file) => ({ file, rule: readRule(file) }))

describe('the gates reject', () => {
  test.each(rejected)('$file, by $rule', ({ file, rule }) => {
    const found = gateOf(rule).get(file) ?? []

    expect([...new Set(found)]).toEqual([rule])
  })

  test.each(listRules())('a fixture by the rule %s of biome.json', (rule) => {
    expect(rejected.map((one) => one.rule)).toContain(rule)
  })
})

describe('the gates accept', () => {
  test.each(listFiles(ACCEPTED))('%s', (file) => {
    const found = [biome.get(file), tsc.get(join('../accepted', file))]

    expect(found).toEqual([undefined, undefined])
  })

  test('the core as it is, by the ladder', () => {
    expect([...runLadder(resolve(import.meta.dirname, '../..')).keys()]).toEqual([])
  })

  test('a file that an entry point needs, by knip', () => {
    expect(knip.get('src/verify/refresher.ts')).toBeUndefined()
  })
})

function listFiles(folder: string): readonly string[] {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  return names.filter((name) => name.endsWith('.ts')).sort()
}

function readRule(file: string): string {
  const text = readFileSync(join(REJECTED, file), 'utf8')
  return /^\/\/ rejected by (.+)\n/.exec(text)?.[1] ?? 'nothing: its first line does not say it'
}

function gateOf(rule: string): Findings {
  if (rule.startsWith('TS')) return tsc
  if (rule === 'ladder') return ladder
  return rule === 'Knip' ? knip : biome
}

/** The rules that biome.json itself turns on, anywhere. */
function listRules(): readonly string[] {
  const { linter, overrides } = JSON.parse(readFileSync(BIOME_SETTINGS, 'utf8'))
  const sections: { linter: { rules: object } }[] = [{ linter }, ...overrides]
  const rules = sections.flatMap((section) =>
    Object.entries(section.linter.rules).flatMap(([group, settings]) =>
      Object.entries(settings)
        .filter(([, setting]) => JSON.stringify(setting).includes('"error"'))
        .map(([rule]) => `lint/${group}/${rule}`),
    ),
  )
  return [...new Set(rules)]
}
