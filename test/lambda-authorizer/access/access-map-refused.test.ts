/**
 * Route maps that are rejected, because they are wrong or because no policy can express them; and maps that are just accepted.
 */
import { type AuthorizerOptions, createAuthorizer } from 'jwt-gate/lambda-authorizer'
import { describe, expect, test } from 'vitest'
import { unusedVerifier } from '../setup.ts'

type Access = NonNullable<AuthorizerOptions['access']>

describe('rejects at construction', () => {
  // 32 resources of 256 characters, 100 of them for what comes before the method
  const full = Object.fromEntries(
    Array.from({ length: 32 }, (_, n) => [`GET /${String(n).padStart(152, 'a')}`, {}]),
  )
  // a token that may use only $default is denied each of the other routes
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
    ['an empty map', {}, /at least one route/],
    ['a name that is not a route key', { profile: {} }, /"profile"/],
    ['an unknown method', { 'FETCH /a': {} }, /FETCH/],
    ['a method in lower case', { 'get /a': {} }, /must be a method/],
    ['a text before the method', { 'x GET /a': {} }, /must be a method/],
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
    ['a variable as Express writes it', { 'GET /orders/:id': {} }, /a variable is \{id\}/],
    ['one in the middle', { 'GET /orders/:orderId/items': {} }, /a variable is \{orderId\}/],
    ['an optional one', { 'GET /orders/:id?': {} }, /a variable is \{id\}/],
    ['one for the rest of the path', { 'ANY /files/:path*': {} }, /the rest of a path \{path\+\}/],
    ['one with a pattern', { 'GET /:id(\\d+)': {} }, /a variable is \{id\}/],
    ['{proxy+} in the middle', { 'GET /{proxy+}/a': {} }, /last/],
    ['a rule with an unknown option', { 'GET /a': { scope: ['x'] } }, /"scope"/],
    ['null as a rule', { 'GET /a': null }, /"rule"/],
    ['null as the rule of $connect', { $connect: null }, /"rule"/],
    ['the same route twice', { 'GET /{a}': {}, 'GET /{b}': {} }, /same route/],
    [
      'routes between which the kinds of API choose differently',
      { 'GET /a/{p+}': {}, 'GET /{x}/b': {} },
      /choose differently/,
    ],
    ['a route that is too deep', { [`GET ${'/a'.repeat(26)}`]: {} }, /which is too long/],
    ['a route that is too long', { [`GET /${'a'.repeat(409)}`]: {} }, /too long for a policy/],
    ['more than fits', { ...full, 'GET /': {} }, /8 KB/],
    ['more than fits for a token with few rights', restricted, /8 KB/],
    ['too many combinations', tangled, /too many routes/],
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
      `${encoded}, which is needless or ambiguous`,
      { [`GET /x${encoded}`]: {} },
      /nothing percent-encoded that/,
    ]),
    [
      'a character in two spellings',
      { 'GET /a@b': {}, 'GET /c%40d': {} },
      /GET \/a@b, with a character that the map also has in another spelling/,
    ],
    [
      'a character with hex digits in two cases',
      { 'GET /%C3%A9': {}, 'GET /x%c3%A9': {} },
      /in another spelling/,
    ],
    [
      'a character beyond ASCII in two spellings',
      { 'GET /é': {}, 'GET /x%C3%A9': {} },
      /in another spelling/,
    ],
  ])('%s', (_title, map, message) => {
    expect(() => createAuthorizer(unusedVerifier, { access: map as never })).toThrow(message)
  })

  test.each<[string, Access]>([
    ['characters of any language, and the last of ASCII', { 'GET /¡é~日本\u{1f600}': {} }],
    ['the greatest depth', { [`GET ${'/a'.repeat(25)}`]: {} }],
    ['the longest route', { [`GET /${'a'.repeat(408)}`]: {} }],
    ['the largest policy', full],
    ['$default beside {proxy+}', { $default: {}, 'GET /a/{proxy+}': {} }],
    ['{id} beside {proxy+}', { 'GET /a/{id}': {}, 'GET /a/{proxy+}': {} }],
    ['one path under two methods', { 'GET /a': {}, 'POST /a': {} }],
    [
      'a route within another one, although /admin/ belongs to that one',
      { 'GET /{p+}': {}, 'GET /admin/{p+}': { groups: ['a'] } },
    ],
    ['percent-encoded characters', { 'GET /caf%C3%A9/a%20b/a%3Ab/%E2%82%AC': {} }],
    ['dots and percent signs in names', { 'GET /.well-known/v1.2/.../100%': {} }],
  ])('but accepts %s', (_title, map) => {
    expect(createAuthorizer(unusedVerifier, { access: map })).toBeTypeOf('function')
  })

  test('a map that cannot be exact, unless "exact" is false or "policy" is "request"', () => {
    const map = { 'GET /orders/{id}': {}, 'GET /orders/{id}/items': {} }

    expect(() => createAuthorizer(unusedVerifier, { access: map })).toThrow(
      /GET \/orders\/\{id\}, GET \/orders\/\{id\}\/items would also allow.*"exact" to false.*"policy" to "request"/,
    )
    expect(createAuthorizer(unusedVerifier, { access: map, exact: false })).toBeTypeOf('function')
    expect(createAuthorizer(unusedVerifier, { access: map, policy: 'request' })).toBeTypeOf(
      'function',
    )
  })

  test('a map whose own routes conflict, even if "exact" is false', () => {
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

  test('a map with a conflict, with the names of the routes that a Deny would affect', () => {
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

  test.each([{ exact: 'no' }, { policy: 'route' }])(
    '%j, with the name of the option',
    (options) => {
      const [name] = Object.keys(options)

      expect(() => createAuthorizer(unusedVerifier, options as never)).toThrow(`"${name}"`)
    },
  )
})
