/**
 * Every invalid option of a trusted issuer throws a ConfigError at construction that names the option in quotes.
 */
import { cognito } from 'jwt-gate'
import { createTestIssuer } from 'jwt-gate/testing'
import { describe, expect, test } from 'vitest'
import { isAvailable } from '../../src/verify/algorithms.ts'
import { base, create, expectNamed, rows } from './support/bad-options.ts'
import { firstKey } from './support/raw-token.ts'

const issuer = await createTestIssuer()

const urls = (count: number) =>
  Array.from({ length: count }, (_, at) => `https://idp.example/jwks/${at}`)

test('a verifier may have keys at 20 URLs', () => {
  expect(create({ ...base, jwksUri: urls(20) })).not.toThrow()
})

test('hosts for plain http may be names of a cluster', () => {
  const insecureHosts = ['keycloak', 'keycloak.auth.svc.cluster.local', 'my_host.internal']
  const jwksUri = 'http://keycloak.auth.svc.cluster.local/jwks'

  expect(create({ ...base, jwksUri }, { jwks: { insecureHosts } })).not.toThrow()
})

test('a verifier needs only an issuer and an audience', () => {
  expect(create(base)).not.toThrow()
})

test.each([
  undefined,
  null,
  [],
  [[]],
  'https://idp.example',
  1,
  [null],
  [base, undefined],
  [['https://idp.example']],
])('"trusted" cannot be %j', (trusted) => {
  expectNamed('trusted', create(trusted))
})

test.each([undefined, null])('the message for %j as "trusted" says what it may be', (trusted) => {
  expect(create(trusted)).toThrow('return value of cognito()')
})

test('a clock that throws at first is no mistake in the configuration', () => {
  const now = () => {
    throw new Error('not ready')
  }

  expect(create(base, { now })).not.toThrow()
})

describe('the message for', () => {
  test.each<[string, object, object, string | RegExp]>([
    ['a missing audience', { audience: undefined }, {}, 'null switches the check off'],
    ['an HMAC algorithm', { algorithms: ['HS256'] }, {}, 'RS256, RS384, RS512'],
    ['an unknown tokenType', { tokenType: 7 }, {}, '"at+jwt", "JWT" or another'],
    [
      'a spread cognito()',
      cognito({ userPoolId: 'eu-west-1_A', clientId: 'app', tokenUse: 'access' }),
      {},
      'give options to cognito()',
    ],
    ['a tokenUse as tokenType', { tokenType: 'id' }, {}, 'use "tokenUse"'],
    ['a misspelled option', {}, { timeout: 1 }, 'clockToleranceSeconds, maxTokenBytes'],
    ['a plain http URL', { jwksUri: 'http://idp.example/' }, {}, '"jwksUri" is a plain http URL'],
    [
      'a URL with a user',
      { jwksUri: 'http://user@idp.example/' },
      {},
      /"jwksUri" must be an https URL without user info.* "jwks\.insecureHosts"$/,
    ],
    ['http without a host', { jwksUri: 'http://%' }, {}, '"jwksUri" must be an https URL'],
    ['another scheme', { jwksUri: 'xhttp://idp.example/' }, {}, '"jwksUri" must be an https URL'],
    [
      'an issuer that is no URL',
      { issuer: 'idp.example' },
      {},
      /"issuer" must be an https URL .* for discovery: give "jwksUri" or "jwks"/,
    ],
    ['no URL', { jwksUri: [] }, {}, '"jwksUri" must be a URL, or a list of 1 to 20 URLs'],
    ['too many URLs', { jwksUri: urls(21) }, {}, '"jwksUri" must be a URL, or a list of 1 to 20'],
    ['hosts that are none', {}, { jwks: { insecureHosts: ['*'] } }, 'host names in lower case'],
    ['hosts in no list', {}, { jwks: { insecureHosts: 7 } }, '"jwks.insecureHosts" must be'],
    ['another list', {}, { revocations: {} }, 'the return value of createRevocations()'],
    [
      'keys of which none is usable',
      { algorithms: ['ES256', 'RS256'], jwks: { keys: [{ kty: 'EC', kid: 'a' }] } },
      {},
      /signatures with ES256, RS256 \(.* Its keys: a \(/,
    ],
    ['no key at all', { jwks: { keys: [] } }, {}, /Its keys: none$/],
  ])('%s says what is allowed', (_, trusted, options, told) => {
    expect(create({ ...base, ...trusted }, options)).toThrow(told)
  })

  test('the message for keys that are not JSON says why', () => {
    const jwks = { keys: [1n] }

    expect(create({ ...base, jwks })).toThrow(
      expect.objectContaining({ cause: expect.any(TypeError) }),
    )
  })
})

describe('trusted issuer', () => {
  test.each(
    rows({
      issuer: [undefined, '', null, 1, ['https://idp.example'], new URL('https://idp.example')],
      audience: [undefined, '', [], [''], ['a', 1], 1, {}, false, [['a']]],
      jwksUri: [
        null,
        '',
        1,
        'keys',
        '/keys',
        'http://idp.example/keys',
        'http://127.0.0.1.example/keys',
        'ftp://idp.example/keys',
        'ftp://localhost/keys',
        'http://notlocalhost/keys',
        'http://localhost.example/keys',
        'https://:secret@idp.example/keys',
        'https://user@idp.example/keys',
        'file:///etc/passwd',
        'https://user:secret@idp.example/keys',
        new URL('https://idp.example'),
      ],
      jwks: [
        null,
        '',
        [],
        {},
        { keys: null },
        { keys: {} },
        { keys: [] },
        { keys: [{ kty: 'oct', k: 'c2VjcmV0' }] },
        { keys: [{ n: 1n }] },
      ],
      algorithms: [
        null,
        '',
        [],
        [''],
        [1],
        ['none'],
        ['HS256'],
        'HS512',
        ['RS256', 'none'],
        ['rs256'],
      ],
      tokenType: [
        ...[
          '',
          ' ',
          'at jwt',
          'at+jwt ',
          '/jwt',
          'application/',
          'a/b/c',
          'text/;',
          'jwt;v=1',
          '*',
        ],
        ...['o\u212ata', 'jwt\0', 'access', 'id', ['JWT'], {}, 1, false],
      ],
      tokenUse: ['', null, 'refresh', 'ACCESS', 1],
      clientId: [null, '', [], [''], [1], 1, {}],
      clientIdClaim: [null, '', 0, [], ['cid'], {}, 'cid'],
      groupsClaim: [null, '', 0, [], ['groups'], {}, '/~', '/roles~2'],
      requiredClaims: [null, '', [], [''], [1], 0, false],
      maxTokenAgeSeconds: [null, '60', -1, Number.NaN, Number.POSITIVE_INFINITY, 1e12, {}],
      claims: [null, {}, () => true, { '~standard': {} }, { '~standard': { validate: true } }],
    }),
  )('"%s" cannot be %o', (name, value) => {
    expectNamed(name, create({ ...base, [name]: value }))
    expectNamed(name, create([{ ...base, issuer: 'https://other.example', [name]: value }]))
  })

  test.each([
    'http://idp.example',
    'idp.example',
    'https://idp.example/?tenant=1',
    'https://idp.example/#a',
    'https://user@idp.example',
  ])('"issuer" cannot be %s if its keys have to be discovered', (text) => {
    expectNamed('issuer', create({ ...base, issuer: text }))
    expect(create({ ...base, issuer: text, jwks: issuer.jwks })).not.toThrow()
    expect(create({ ...base, issuer: text, jwksUri: 'https://idp.example' })).not.toThrow()
  })

  test.each([
    'https://idp.example/keys?v=1',
    'http://localhost:9229/keys',
    'http://127.0.0.1/keys',
    'http://127.8.9.10/keys',
    'http://[::1]:1/keys',
  ])('"jwksUri" may be %s', (jwksUri) => {
    expect(create({ ...base, jwksUri })).not.toThrow()
  })

  test('"jwks" may have members that nobody knows', () => {
    expect(create({ ...base, jwks: { ...issuer.jwks, 'x-other': 1 } })).not.toThrow()
  })

  test('"jwks" must include a key for one of the algorithms', () => {
    const { jwk } = firstKey(issuer)

    expectNamed('jwks', create({ ...base, jwks: { keys: [jwk] }, algorithms: ['ES256'] }))
    expect(create({ ...base, jwks: { keys: [{}, jwk] }, algorithms: ['RS256'] })).not.toThrow()
  })

  test('"algorithms" cannot include what Node does not support', ({ skip }) => {
    skip(isAvailable('ML-DSA-65'), 'this version of Node has ML-DSA')
    expectNamed('algorithms', create({ ...base, algorithms: ['RS256', 'ML-DSA-65'] }))
  })

  test.each(['audiences', 'jwks_uri', 'alg', 'constructor'])('"%s" is not an option', (name) => {
    expectNamed(name, create({ ...base, [name]: 'x' }))
  })

  test('an issuer cannot be given twice, except for two kinds of token', () => {
    const [access, id] = [
      { ...base, tokenUse: 'access' },
      { ...base, tokenUse: 'id' },
    ]

    expect(create([access, id])).not.toThrow()
    expectNamed('issuer', create([base, base]))
    expectNamed('issuer', create([access, base]))
    expectNamed('issuer', create([access, id, access]))
    expectNamed('issuer', create([access, { ...id, jwksUri: 'https://idp.example/keys' }]))
    expectNamed('issuer', create([access, { ...id, jwks: issuer.jwks }]))
  })
})
