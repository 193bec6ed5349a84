/**
 * Firebase: ID tokens of one project, and none of its emulator.
 */
import { Buffer } from 'node:buffer'
import { authorize, createVerifier } from 'jwt-gate'
import { firebase } from 'jwt-gate/issuers'
import { expect, test } from 'vitest'
import { createLookAlike, NOW, refusedAs } from './look-alike.ts'

const PROJECT = 'shop-1a2b3'
const KEYS =
  'https://www.googleapis.com/service_accounts/v1/jwk/securetoken@system.gserviceaccount.com'

const issuer = await createLookAlike(
  { [KEYS]: (keys) => ({ keys: keys.map(({ jwk }) => jwk) }) },
  {
    header: { typ: 'JWT' },
    claims: {
      ...{ iss: `https://securetoken.google.com/${PROJECT}`, aud: PROJECT, nbf: undefined },
      ...{ sub: 'Xk3uSer1', user_id: 'Xk3uSer1', auth_time: NOW - 60, email_verified: false },
      firebase: { identities: { 'google.com': ['1101'] }, sign_in_provider: 'google.com' },
    },
  },
)
const trusted = firebase({ projectId: PROJECT })

test('an ID token of the project passes; its keys are those of all projects', async () => {
  expect(await issuer.verify(trusted, await issuer.token())).toHaveProperty(
    'claims.sub',
    'Xk3uSer1',
  )
  expect(issuer.asked).toEqual([KEYS])
})

test('an access rule keeps anonymous users out', async () => {
  const verifier = createVerifier(
    firebase({ projectId: PROJECT, jwks: { keys: issuer.keys.map(({ jwk }) => jwk) } }),
    {
      now: () => NOW * 1_000,
    },
  )
  const rule = { claims: { '/firebase/sign_in_provider': ['google.com', 'password'] } }
  const anonymous = await issuer.token({
    firebase: { sign_in_provider: 'anonymous', identities: {} },
  })

  authorize(await verifier.verify(await issuer.token()), rule)
  const verified = await verifier.verify(anonymous)
  expect(() => authorize(verified, rule)).toThrow('denied')
  expect(verified.claims.firebase?.sign_in_provider).toBe('anonymous')
})

test.each([
  [
    'another project, though its keys are the same',
    { iss: 'https://securetoken.google.com/other', aud: 'other' },
    'ERR_CLAIM_ISSUER',
  ],
  ['the audience of another project', { aud: 'other' }, 'ERR_CLAIM_AUDIENCE'],
  [
    'a session cookie',
    { iss: `https://session.firebase.google.com/${PROJECT}` },
    'ERR_CLAIM_ISSUER',
  ],
  [
    'a custom token, which a server has signed',
    { iss: 'firebase-adminsdk@shop-1a2b3.iam.gserviceaccount.com' },
    'ERR_CLAIM_ISSUER',
  ],
  ['no user', { sub: '' }, 'ERR_CLAIM_MISSING'],
  ['no time of sign-in', { auth_time: undefined }, 'ERR_CLAIM_MISSING'],
])('%s is rejected', async (_, claims, code) => {
  expect(await issuer.verify(trusted, await issuer.token(claims))).toEqual(refusedAs(code))
})

test('a token of the emulator, which has no signature, is rejected', async () => {
  const [, payload] = (await issuer.token()).split('.')
  const header = Buffer.from('{"alg":"none","typ":"JWT"}').toString('base64url')

  expect(await issuer.verify(trusted, `${header}.${payload}.`)).toHaveProperty(
    'code',
    'ERR_TOKEN_ALGORITHM',
  )
})

test('more required claims do not replace those of the preset', async () => {
  const strict = firebase({ projectId: PROJECT, requiredClaims: ['email'] })

  expect(await issuer.verify(strict, await issuer.token())).toEqual(
    refusedAs('ERR_CLAIM_MISSING', 'email'),
  )
  expect(
    await issuer.verify(strict, await issuer.token({ email: 'a', auth_time: undefined })),
  ).toEqual(refusedAs('ERR_CLAIM_MISSING', 'auth_time'))
})

test.each([
  ['the issuer', 'https://securetoken.google.com/shop'],
  ['a name with spaces', 'My Shop'],
  ['a placeholder', '<PROJECT_ID>'],
  ['nothing', undefined],
])('%s as the project is a ConfigError', (_, projectId) => {
  expect(() => firebase({ projectId } as never)).toThrow('"projectId"')
})
