/**
 * The texts that show another spelling of a path.
 */
import { describe, expect, test } from 'vitest'
import { findSpellings } from '../../../src/lambda-authorizer/routes/path-spellings.ts'
import { parseRouteKey } from '../../../src/lambda-authorizer/routes/route-key.ts'

const spellingsOf = (...paths: string[]) =>
  findSpellings(paths.map((path) => parseRouteKey(`GET ${path}`)))
const always = spellingsOf().ofText

describe.each([
  ['nothing', '/', []],
  ['a letter up to o', '/a', ['%6']],
  ['a letter from p on, and a tilde', '/p~', ['%7']],
  ['a capital', '/K', ['%4B', '%4b']],
  ['a digit', '/0', ['%30']],
  ['a percent sign that encodes nothing', '/%', []],
  ['a character of two bytes, by its first', '/é', ['%C3', '%c3']],
  ['a character of two code units', '/😀', ['%F0', '%f0']],
  ['encoded bytes', '/%C3%A9', ['%c3', '%a9', 'é']],
  ['two hex letters', '/%CE%AB', ['%ce', '%Ce', '%cE', '%ab', '%Ab', '%aB', 'Ϋ']],
  ['an encoded wildcard and an encoded space', '/%2A%20', ['%2a']],
  ['bytes that are no text', '/%FF', ['%ff', '%Ff', '%fF']],
])('%s', (_, path, expected) => {
  test(path, () => {
    const texts = spellingsOf(path).ofText.filter((one) => !always.includes(one))

    expect(texts.map((one) => one.replace(/^\*\/\*|\*$/g, '')).toSorted()).toEqual(
      expected.toSorted(),
    )
  })
})

test('an encoded character that no route has is no other spelling', () => {
  const { isNormal } = spellingsOf('/', '/{id}')

  expect(isNormal(['%61'])).toBe(true)
  expect(spellingsOf('/a').isNormal(['%61'])).toBe(false)
})
