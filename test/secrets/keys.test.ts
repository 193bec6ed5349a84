/**
 * No error and no event includes anything that an issuer's endpoint sent, in particular no private key that was published by
 * mistake.
 */
import { exportJWK } from 'jose'
import {
  createVerifier,
  type JSONWebKeySet,
  type TrustedIssuer,
  type VerifierEvent,
} from 'jwt-gate'
import { createTestIssuer, type TestKey } from 'jwt-gate/testing'
import { describe, expect, test } from 'vitest'
import { startKeyServer } from '../verify/support/key-server.ts'
import {
  everythingOf,
  expectNothingOf,
  MARK,
  markedClaims,
  mint,
  secretsOf,
  secretsOfKey,
} from './marks.ts'

const issuer = await createTestIssuer({ algorithms: ['ES256'] })
const [first] = issuer.keys as [TestKey]
const privateJwk = { ...(await exportJWK(first.privateKey)), kid: first.kid, alg: 'RS256', x: MARK }
const leaked = JSON.stringify({ keys: [privateJwk], [MARK]: MARK })
const exp = 4_000_000_000

interface Answer {
  readonly status?: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body: string
}

const ANSWERS: [string, Answer][] = [
  ['a set with a private key', { body: leaked }],
  [
    'a private key beside a good one',
    { body: JSON.stringify({ keys: [privateJwk, issuer.keyFor('ES256').jwk] }) },
  ],
  ['a truncated private key', { body: leaked.slice(0, -20) }],
  ['a private key with text before it', { body: `${MARK}${leaked}` }],
  ['a private key on its own', { body: JSON.stringify(privateJwk) }],
  ['a list of private keys', { body: JSON.stringify([privateJwk]) }],
  ['too many private keys', { body: JSON.stringify({ keys: Array(101).fill(privateJwk) }) }],
  ['a private key and too much other data', { body: leaked.padEnd(600_000) }],
  ['an error with a private key', { status: 500, body: leaked, headers: { 'x-debug': MARK } }],
  ['a 4xx response with a private key', { status: 403, body: leaked }],
  [
    'a redirect to a marked address',
    { status: 302, body: leaked, headers: { location: `/${MARK}` } },
  ],
  ['a marked lifetime', { body: MARK, headers: { 'cache-control': `max-age=${MARK}` } }],
]

/** The error and the events of a verifier whose issuer responds in this way, over real HTTP. */
async function provoke(
  { status = 200, headers, body }: Answer,
  toChange: (origin: string) => Partial<TrustedIssuer> = () => ({}),
): Promise<{ secrets: string[]; said: string }> {
  const { origin } = await startKeyServer((_request, response) => {
    response.writeHead(status, headers).end(body)
  })
  const events: VerifierEvent[] = []
  const trusted = { issuer: origin, audience: null, ...toChange(origin) }
  const verifier = createVerifier(trusted, { onEvent: (event) => events.push(event) })
  const token = await mint(issuer, { ...markedClaims(issuer, exp), iss: origin })
  const error = await verifier.verify(token).catch((reason: unknown) => reason)
  expect(error).toBeInstanceOf(Error)
  expect(events.length).toBeGreaterThan(0)
  const secrets = [...secretsOf(token), ...secretsOfKey(privateJwk)]
  return { secrets, said: everythingOf(error) + everythingOf(events) }
}

describe('nothing comes out of', () => {
  test.each(ANSWERS)('%s', async (_, answer) => {
    const { secrets, said } = await provoke(answer, (origin) => ({ jwksUri: `${origin}/keys` }))

    expectNothingOf(secrets, said)
  })

  test.each(ANSWERS)('%s, instead of a discovery document', async (_, answer) => {
    const { secrets, said } = await provoke(answer)

    expectNothingOf(secrets, said)
  })

  test('a discovery document of another issuer, except the name of that issuer', async () => {
    const found = 'https://other.example'
    const body = JSON.stringify({ issuer: found, jwks_uri: `https://${MARK}`, [MARK]: privateJwk })

    const { secrets, said } = await provoke({ body })

    expect(said).toContain(found)
    expectNothingOf(secrets, said)
  })

  test('a discovery document whose issuer is no text', async () => {
    const { secrets, said } = await provoke({ body: JSON.stringify({ issuer: privateJwk }) })

    expectNothingOf(secrets, said)
  })
})

test.each<[string, unknown]>([
  ['private', { keys: [privateJwk] }],
  ['symmetric', { keys: [{ kty: 'oct', kid: MARK, k: MARK }] }],
  ['no list', { keys: { [MARK]: privateJwk } }],
  ['no JSON', { keys: [{ ...privateJwk, big: 1n }] }],
])('no ConfigError includes anything of given keys that are %s', (_, jwks) => {
  const make = () =>
    createVerifier({ issuer: issuer.issuer, audience: null, jwks: jwks as JSONWebKeySet })
  let error: unknown
  try {
    make()
  } catch (reason) {
    error = reason
  }

  expect(error).toMatchObject({ code: 'ERR_CONFIG_INVALID' })
  expectNothingOf([MARK, ...secretsOfKey(privateJwk)], everythingOf(error))
})
