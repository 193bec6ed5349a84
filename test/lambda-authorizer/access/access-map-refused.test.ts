/**
 * Route maps that are refused, because they are wrong or because no answer could say what they say; and what is just accepted.
 */
import { type AuthorizerOptions, createAuthorizer } from 'jwt-gate/lambda-authorizer'
import { describe, expect, test } from 'vitest'
import { unusedVerifier } from '../setup.ts'

type Access = NonNullable<AuthorizerOptions['access']>

describe('maps that are refused at construction', () => {
  // 32 resources of 256 characters, 100 of them for what comes before the method
  const full = Object.fromEntries(
    Array.from({ length: 32 }, (_, n) => [`GET /${String(n).padStart(152, 'a')}`, {}]),
  )
  // who may use $default alone is denied each of the others
  const restricted = Object.fromEntries([
    ['$default', {}],
    ...Array.from({ length: 60 }, (_, n) => [
      `GET /${String(n).padStart(120, 'a')}`,
      { scopes: ['admin'] },
    ]),
  ])
  const tangled = Object.fromEntries(
    Array.from({ length: 14 }, (_, n) => [
      `GET /${Array.from({ length: 14 }, (_, at) => (at === n ? 'x' : '{id}')).join('/')}`,
      {},
    ]),
  )
  test.each<[string, unknown, RegExp]>([
    ['no map', null, /"access"/],
    ['an empty one', {}, /at least one route/],
    ['no route key', { profile: {} }, /"profile"/],
    ['an unknown method', { 'FETCH /a': {} }, /FETCH/],
    ['a method in lower case', { 'get /a': {} }, /must be a method/],
    ['something before the method', { 'x GET /a': {} }, /must be a method/],
    ['no blank after the method', { 'GET/': {} }, /must be a method/],
    ['no method', { '/a': {} }, /must be a method/],
    ['no path', { 'GET a': {} }, /must be a method/],
    ['two paths', { 'GET /a /b': {} }, /plain text/],
    ['a line break', { 'GET /a\nb': {} }, /plain text/],
    ['a null character', { 'GET /a\0b': {} }, /plain text/],
    ['a delete character', { 'GET /a\x7f': {} }, /plain text/],
    ['the last control character', { 'GET /\x9fa': {} }, /plain text/],
    ['a space that does not break', { 'GET /a\u00a0b': {} }, /plain text/],
    ['a star in a path', { 'GET /a*': {} }, /plain text/],
    ['a variable within a segment', { 'GET /a-{id}': {} }, /plain text/],
    ['text before a variable', { 'GET /a{id}': {} }, /plain text/],
    ['text after a variable', { 'GET /{id}a': {} }, /plain text/],
    ['a variable without a name', { 'GET /{}': {} }, /plain text/],
    ['{proxy+} in the middle', { 'GET /{proxy+}/a': {} }, /last/],
    ['a rule that is none', { 'GET /a': { scope: ['x'] } }, /"scope"/],
    ['null as a rule', { 'GET /a': null }, /"rule"/],
    ['null as the rule of $connect', { $connect: null }, /"rule"/],
    ['the same route twice', { 'GET /{a}': {}, 'GET /{b}': {} }, /same route/],
    [
      'routes that APIs choose between differently',
      { 'GET /a/{p+}': {}, 'GET /{x}/b': {} },
      /choose differently/,
    ],
    ['a route that is too deep', { [`GET ${'/a'.repeat(26)}`]: {} }, /which is too long/],
    ['a route that is too long', { [`GET /${'a'.repeat(409)}`]: {} }, /too long for a policy/],
    ['more than fits', { ...full, 'GET /': {} }, /8 KB/],
    ['more than fits for who may do little', restricted, /8 KB/],
    ['a tangle', tangled, /too many routes/],
    ['a slash at the end', { 'GET /a/': {} }, /"GET \/a\/": a path has no empty/],
    ['an empty segment', { 'GET //a': {} }, /a path has no empty/],
    ['a dot', { 'GET /a/./b': {} }, /a path has no empty/],
    ['two dots', { 'GET /a/..': {} }, /a path has no empty/],
    ['a backslash', { 'GET /a\\b': {} }, /no backslash/],
    ...[
      '%61',
      '%7A',
      '%7a',
      '%41',
      '%5F',
      '%30',
      '%2D',
      '%2e',
      '%2F',
      '%5c',
      '%25',
      '%7B',
      '%%41',
    ].map((encoded): [string, unknown, RegExp] => [
      `${encoded}, which is another path`,
      { [`GET /x${encoded}`]: {} },
      /nothing percent-encoded that/,
    ]),
    [
      'a character in two spellings',
      { 'GET /a@b': {}, 'GET /c%40d': {} },
      /GET \/a@b, with a character that the map also has in another spelling/,
    ],
    ['the same as hex digits', { 'GET /%C3%A9': {}, 'GET /x%c3%A9': {} }, /in another spelling/],
    ['the same beyond ASCII', { 'GET /é': {}, 'GET /x%C3%A9': {} }, /in another spelling/],
  ])('%s', (_title, map, message) => {
    expect(() => createAuthorizer(unusedVerifier, { access: map as never })).toThrow(message)
  })

  test.each<[string, Access]>([
    ['letters of any language, and the last of ASCII', { 'GET /¡é~日本\u{1f600}': {} }],
    ['the greatest depth', { [`GET ${'/a'.repeat(25)}`]: {} }],
    ['the longest route', { [`GET /${'a'.repeat(408)}`]: {} }],
    ['the largest policy', full],
    ['$default beside {proxy+}', { $default: {}, 'GET /a/{proxy+}': {} }],
    ['{id} beside {proxy+}', { 'GET /a/{id}': {}, 'GET /a/{proxy+}': {} }],
    ['one path under two methods', { 'GET /a': {}, 'POST /a': {} }],
    [
      'a route within another one, though /admin/ would go to that',
      { 'GET /{p+}': {}, 'GET /admin/{p+}': { groups: ['a'] } },
    ],
    ['a character that is percent-encoded', { 'GET /caf%C3%A9/a%20b/a%3Ab/%E2%82%AC': {} }],
    ['dots and percent signs in names', { 'GET /.well-known/v1.2/.../100%': {} }],
  ])('but not %s', (_title, map) => {
    expect(createAuthorizer(unusedVerifier, { access: map })).toBeTypeOf('function')
  })

  test('one that cannot be exact, unless that is accepted', () => {
    const map = { 'GET /orders/{id}': {}, 'GET /orders/{id}/items': {} }

    expect(() => createAuthorizer(unusedVerifier, { access: map })).toThrow(
      /GET \/orders\/\{id\}, GET \/orders\/\{id\}\/items would also allow.*"exact" to false.*"policy" to "request"/,
    )
    expect(createAuthorizer(unusedVerifier, { access: map, exact: false })).toBeTypeOf('function')
    expect(createAuthorizer(unusedVerifier, { access: map, policy: 'request' })).toBeTypeOf(
      'function',
    )
  })

  test('one whose own routes cannot be told apart, whatever is accepted', () => {
    const map = {
      'GET /{proxy+}': {},
      'GET /admin/{proxy+}': { groups: ['admin'] },
      'GET /admin/health': {},
    }

    expect(() => createAuthorizer(unusedVerifier, { access: map, exact: false })).toThrow(
      /GET \/admin\/\{proxy\+\} cannot be refused while GET \/admin\/health,.* may be used.*"policy" to "request"/,
    )
    expect(createAuthorizer(unusedVerifier, { access: map, policy: 'request' })).toBeTypeOf(
      'function',
    )
  })

  test('one whose route cannot be refused, by the names of the others that this would hurt', () => {
    const rule = { scopes: ['write'] }
    const map = {
      'GET /{p+}': {},
      'GET /admin/{p+}': rule,
      'GET /admin/health': rule,
      'GET /admin/open': {},
    }

    expect(() => createAuthorizer(unusedVerifier, { access: map })).toThrow(
      /GET \/admin\/\{p\+\} cannot be refused while GET \/admin\/open, GET \/\{p\+\} may be used/,
    )
  })

  test.each([{ exact: 'no' }, { policy: 'route' }])('%j, by name', (options) => {
    const [name] = Object.keys(options)

    expect(() => createAuthorizer(unusedVerifier, options as never)).toThrow(`"${name}"`)
  })
})
