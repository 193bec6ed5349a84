/**
 * The inputs of the fuzz tests, from random bytes to nearly valid tokens.
 */
import fc from 'fast-check'
import { encode, LETTERS } from '../verify/support/raw-token.ts'

/** Any UTF-16 code units, including unpaired surrogates. */
export const anyText = fc
  .array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 60 })
  .map((units) => String.fromCharCode(...units))

const bytes = fc.uint8Array({ maxLength: 300 })
const json = fc.json({ maxDepth: 4 })
const NESTED = ['[', '{"a":'].map((open) => open.repeat(5_000))

/** One part of an unsigned token. */
const part = fc.oneof(
  fc.base64String(),
  bytes.map(encode),
  json.map(encode),
  anyText,
  fc.constantFrom('', 'e30', 'W10', 'bnVsbA', ...NESTED.map(encode)),
  fc.constantFrom('none', 'RS256', 'HS256').map((alg) => encode(JSON.stringify({ alg }))),
)

/** Text that is no token, or looks like one. */
export const anyToken = fc.oneof(
  anyText,
  fc.array(part, { minLength: 1, maxLength: 5 }).map((parts) => parts.join('.')),
  fc.tuple(part, fc.nat(17_000)).map(([text, length]) => text.padEnd(length, 'A.')),
)

const letter = fc.constantFrom(...LETTERS)
const letters = fc.array(letter, { maxLength: 4 }).map((all) => all.join(''))

// most random doubles would be close to 0
const place = fc.nat(9_999).map((n) => n / 10_000)

/** A change to a text: usually, some characters at one place are replaced. */
const change = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.tuple(place, letters).map(([at, text]) => ({ at, text, gone: text.length })),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      at: place,
      text: fc.oneof(letters, fc.string(), anyText),
      gone: fc.nat(4),
    }),
  },
)

/** Texts that are made from one of these by some changes. */
export function changed(texts: readonly string[]): fc.Arbitrary<string> {
  return fc
    .tuple(fc.constantFrom(...texts), fc.array(change, { minLength: 1, maxLength: 2 }))
    .map(([text, changes]) => changes.reduce(applyChange, text))
}

function applyChange(
  text: string,
  { at, gone, text: put }: { at: number; gone: number; text: string },
): string {
  const index = Math.floor(at * text.length)
  return text.slice(0, index) + put + text.slice(index + gone)
}

/** Tokens that are assembled from parts of these. */
export function recombined(tokens: readonly string[]): fc.Arbitrary<string> {
  const parts = (index: number) =>
    fc.constantFrom(...tokens.map((token) => token.split('.')[index]))
  return fc.tuple(parts(0), parts(1), parts(2)).map((three) => three.join('.'))
}

/** A JSON value in which one member has another value. */
export function corrupted(value: object): fc.Arbitrary<unknown> {
  const paths = toPaths(value)
  const corruption = fc.tuple(
    fc.constantFrom(...paths),
    fc.oneof(fc.jsonValue(), fc.constantFrom(undefined, '', 0, null, [], {})),
  )
  return fc.array(corruption, { minLength: 1, maxLength: 3 }).map((corruptions) => {
    const copy = structuredClone(value)
    // a copy each time: a value that is inserted twice could become circular
    for (const [path, put] of corruptions) setAt(copy, path, structuredClone(put))
    return copy
  })
}

function toPaths(value: unknown, before: readonly string[] = []): string[][] {
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([name, member]) => {
    const path = [...before, name]
    return [path, ...toPaths(member, path)]
  })
}

function setAt(value: unknown, path: readonly string[], put: unknown): void {
  const last = path.at(-1)
  let at: unknown = value
  for (const name of path.slice(0, -1)) at = (at as Record<string, unknown> | undefined)?.[name]
  // an earlier change may have removed the place
  if (typeof at === 'object' && at !== null && last !== undefined) {
    ;(at as Record<string, unknown>)[last] = put
  }
}
