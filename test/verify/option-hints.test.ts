/**
 * What an error says of an option that is unknown where it stands: a hint names an option of this very function, or the place that
 * the option belongs to.
 */
import { cognito, createVerifier, type Trusted } from 'jwt-gate'
import { requireAccess, requireJwt, verifyRequest } from 'jwt-gate/express'
import { auth0 } from 'jwt-gate/issuers'
import { createAuthorizer } from 'jwt-gate/lambda-authorizer'
import { describe, expect, test } from 'vitest'

const ISSUER = { issuer: 'https://idp.example', audience: 'a' }
const verifier = createVerifier(ISSUER)
type Options = Record<string, unknown>

const PLACES = {
  first: (given: Options) => createVerifier({ ...ISSUER, ...given } as Trusted),
  second: (given: Options) => createVerifier(ISSUER, given),
  jwks: (given: Options) => createVerifier(ISSUER, { jwks: given }),
  cognito: (given: Options) => cognito(given as never),
  auth0: (given: Options) => auth0(given as never),
  requireJwt: (given: Options) => requireJwt(verifier, given),
  rule: (given: Options) => requireAccess(given),
  authorizer: (given: Options) => createAuthorizer(verifier, given as never),
}
type Place = keyof typeof PLACES

function messageOf(place: Place, given: Options): string {
  try {
    return String(PLACES[place](given))
  } catch (error) {
    expect(error).toMatchObject({ code: 'ERR_CONFIG_INVALID' })
    return (error as Error).message
  }
}

/** The options that a function has, and what is said after their list. */
function read(place: Place, name: string): { options: string[]; hint: string } {
  const message = messageOf(place, { [name]: 'hunter2' })
  const [, options = '', hint = ''] = /, which has: ([\w, ]+)(?:\. (.*))?$/.exec(message) ?? []
  expect(message).toMatch(new RegExp(`^"${name}" is not an option of `))
  expect(message).not.toContain('hunter2')
  return { options: options.split(', '), hint }
}

const optionsOf = (place: Place): string[] => read(place, 'zzz').options

describe('an option of this very function', () => {
  test.each<[Place, string, string]>([
    ['first', 'issuerBaseURL', 'issuer'],
    ['first', 'iss', 'issuer'],
    ['first', 'issuers', 'issuer'],
    ['first', 'aud', 'audience'],
    ['first', 'audiences', 'audience'],
    ['first', 'jwksUrl', 'jwksUri'],
    ['first', 'jwks_uri', 'jwksUri'],
    ['first', 'jwks-uri', 'jwksUri'],
    ['first', 'JWKS', 'jwks'],
    ['first', 'secret', 'jwks'],
    ['first', 'key', 'jwks'],
    ['first', 'secretOrKey', 'jwks'],
    ['first', 'algorithm', 'algorithms'],
    ['first', 'tokenSigningAlg', 'algorithms'],
    ['first', 'typ', 'tokenType'],
    ['first', 'clientID', 'clientId'],
    ['first', 'maxTokenAge', 'maxTokenAgeSeconds'],
    ['first', 'maxAge', 'maxTokenAgeSeconds'],
    ['second', 'clockTolerance', 'clockToleranceSeconds'],
    ['second', 'graceSeconds', 'clockToleranceSeconds'],
    ['second', 'customJwtCheck', 'check'],
    ['second', 'isRevoked', 'revocations'],
    ['second', 'currentDate', 'now'],
    ['jwks', 'cacheMaxAge', 'maxAgeMs'],
    ['jwks', 'timeoutDuration', 'timeoutMs'],
    ['jwks', 'cooldownDuration', 'cooldownMs'],
    ['cognito', 'userPoolID', 'userPoolId'],
    ['cognito', 'client_id', 'clientId'],
    ['auth0', 'aud', 'audience'],
    ['requireJwt', 'credentialsRequired', 'optional'],
    ['requireJwt', 'authRequired', 'optional'],
    ['requireJwt', 'jwtFromRequest', 'getToken'],
    ['rule', 'scope', 'scopes'],
    ['rule', 'group', 'groups'],
    ['authorizer', 'routes', 'access'],
  ])('of %s: %s is "%s"', (place, theirs, ours) => {
    const { options, hint } = read(place, theirs)

    expect(hint).toBe(`Use "${ours}"`)
    expect(options).toContain(ours)
  })
})

describe('an option of another place', () => {
  const FIRST = 'the first argument of createVerifier()'
  const SECOND = 'the second argument of createVerifier()'
  const RULE = 'a rule, as for requireAccess()'

  test.each<[Place, string, Place, string, string]>([
    ['second', 'audience', 'first', 'audience', FIRST],
    ['second', 'aud', 'first', 'audience', FIRST],
    ['second', 'issuerBaseURL', 'first', 'issuer', FIRST],
    ['second', 'secret', 'first', 'jwks', FIRST],
    ['second', 'jwksUri', 'first', 'jwksUri', FIRST],
    ['second', 'jwks_uri', 'first', 'jwksUri', FIRST],
    ['second', 'clientID', 'first', 'clientId', FIRST],
    ['second', 'requiredClaims', 'first', 'requiredClaims', FIRST],
    ['jwks', 'keys', 'first', 'jwks', FIRST],
    ['requireJwt', 'audience', 'first', 'audience', FIRST],
    ['first', 'clockToleranceSeconds', 'second', 'clockToleranceSeconds', SECOND],
    ['first', 'clockTolerance', 'second', 'clockToleranceSeconds', SECOND],
    ['first', 'graceSeconds', 'second', 'clockToleranceSeconds', SECOND],
    ['first', 'customJwtCheck', 'second', 'check', SECOND],
    ['cognito', 'clockToleranceSeconds', 'second', 'clockToleranceSeconds', SECOND],
    ['second', 'cooldownDuration', 'jwks', 'cooldownMs', `"jwks" in ${SECOND}`],
    ['second', 'userPoolId', 'cognito', 'userPoolId', 'cognito()'],
    ['first', 'credentialsRequired', 'requireJwt', 'optional', 'requireJwt()'],
    ['second', 'credentialsRequired', 'requireJwt', 'optional', 'requireJwt()'],
    ['second', 'getToken', 'requireJwt', 'getToken', 'requireJwt()'],
    ['second', 'optional', 'requireJwt', 'optional', 'requireJwt()'],
    ['second', 'realm', 'requireJwt', 'realm', 'requireJwt()'],
    ['requireJwt', 'scopes', 'rule', 'scopes', RULE],
    ['requireJwt', 'groups', 'rule', 'groups', RULE],
    ['first', 'scope', 'rule', 'scopes', RULE],
    ['authorizer', 'scopes', 'rule', 'scopes', RULE],
    ['requireJwt', 'access', 'authorizer', 'access', 'createAuthorizer() and verifyRequest()'],
  ])('in %s: %s belongs to %s, as "%s"', (place, name, home, ours, says) => {
    expect(read(place, name).hint).toBe(`"${ours}" belongs to ${says}`)
    expect(optionsOf(home)).toContain(ours)
    expect(optionsOf(place)).not.toContain(name)
  })
})

describe('no option, by design', () => {
  test.each<[Place, string, string]>([
    ['rule', 'roles', 'Use { claims: { roles: … } } in a rule'],
    ['rule', 'permissions', 'Use { claims: { permissions: … } } in a rule'],
    ['first', 'subject', 'Use { claims: { sub: … } } in a rule'],
    ['first', 'ignoreExpiration', 'Expired tokens never pass'],
    ['requireJwt', 'requestProperty', 'The token is in req.auth'],
  ])('in %s: the error for %s says what to do', (place, name, says) => {
    expect(read(place, name).hint).toBe(says)
  })

  test('a verifier in place of a rule', () => {
    expect(messageOf('rule', { ...verifier })).toMatch(/^"verify" .* This is a verifier$/)
  })
})

test('a condition in the second argument of verify belongs to createVerifier', async () => {
  await expect(verifier.verify('a.b.c', { audience: 'x' } as never)).rejects.toThrow(
    /"audience" belongs to the first argument of createVerifier\(\)$/,
  )
  await expect(verifier.verify('a.b.c', { clockTolerance: 5 } as never)).rejects.toThrow(
    /"clockToleranceSeconds" belongs to the second argument of createVerifier\(\)$/,
  )
})

test.each<[Place, string]>([
  ['second', 'audiense'],
  ['second', 'constructor'],
  ['second', '__proto__'],
  ['second', 'toString'],
  ['second', 's'],
  // not an option of this preset
  ['auth0', 'issuerBaseURL'],
  ['auth0', 'jwksUri'],
])('the control: in %s, %s gets the list alone', (place, name) => {
  expect(messageOf(place, JSON.parse(`{"${name}":1}`))).toMatch(/ is not an option of .*: [\w, ]+$/)
})

test.each<[string, () => unknown]>([
  ['the first argument of createVerifier()', () => PLACES.first({ zzz: 1 })],
  ['createVerifier()', () => PLACES.second({ zzz: 1 })],
  ['cognito()', () => PLACES.cognito({ zzz: 1 })],
  ['requireJwt()', () => PLACES.requireJwt({ zzz: 1 })],
  ['createAuthorizer()', () => PLACES.authorizer({ zzz: 1 })],
  ['"jwks"', () => PLACES.jwks({ zzz: 1 })],
])('the place is named as the caller wrote it: %s', (place, create) => {
  expect(create).toThrow(`"zzz" is not an option of ${place}, which has: `)
})

test('options that are no object are those of a function', async () => {
  const verifying = verifyRequest(verifier, { headers: {} } as never, null as never)

  await expect(verifying).rejects.toThrow('"options" of verifyRequest() must be an object')
  expect(() => createVerifier(ISSUER, null as never)).toThrow(
    '"options" of createVerifier() must be an object',
  )
})
