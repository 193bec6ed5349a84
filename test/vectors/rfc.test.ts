/**
 * The examples of RFC 7515, 8037 and 9449, and of the JOSE cookbook (RFC 7520): through the signature step, and through the whole
 * verifier if they are JWTs.
 */
import { createVerifier, type TrustedIssuer } from 'jwt-gate'
import { beforeEach, describe, expect, test } from 'vitest'
import { sayOfJws } from './signature-step.ts'
import { read, skipped } from './vectors.ts'

interface Example {
  readonly id: string
  readonly jwk?: Readonly<Record<string, unknown>>
  readonly jws: string
  readonly signature: string
}

const examples = read<Example[]>('rfc/rfc-examples.json', []).filter(({ jws }) => jws)
const signed = examples.filter(({ signature }) => signature === 'valid')
const find = (id: string): Example => examples.find((one) => one.id === id) as Example

/** The outcome at a time, in seconds since 1970. */
async function sayOfJwt(id: string, seconds: number, change: object = {}): Promise<unknown> {
  const { jws, jwk } = find(id)
  const trusted = { issuer: 'joe', audience: null, jwks: { keys: [jwk] }, ...change }
  const now = () => seconds * 1_000
  const verifier = createVerifier(trusted as unknown as TrustedIssuer, { now })
  return verifier.verify(jws).then(
    ({ claims }) => claims,
    ({ code }) => code,
  )
}

describe('RFC examples', () => {
  beforeEach(({ skip }) => skip(skipped !== undefined, skipped))

  test.each(signed)('$id has a good signature', async ({ jws, jwk }) => {
    expect(await sayOfJws(jws, [jwk])).toBe('valid')
  })

  test.each(signed)(
    '$id has no valid signature if one character is changed',
    async ({ jws, jwk }) => {
      const [header, payload = '', signature] = jws.split('.')
      const other = `${payload.startsWith('A') ? 'B' : 'A'}${payload.slice(1)}`

      expect(await sayOfJws(`${header}.${other}.${signature}`, [jwk])).toBe('invalid')
    },
  )

  test('all of them are tested', () => {
    expect(signed.length).toBeGreaterThanOrEqual(6)
  })

  test('RFC 7515 A.5, the unsecured one, is rejected', async () => {
    const { jws } = find('rfc7515-A5-none')

    expect(await sayOfJws(jws, [find('rfc7515-A2-rs256').jwk])).toBe('ERR_TOKEN_ALGORITHM')
  })

  test.each(['rfc7515-A2-rs256', 'rfc7515-A3-es256'])(
    '%s is a JWT: accepted before its exp, rejected from then on',
    async (id) => {
      const claims = { iss: 'joe', exp: 1_300_819_380, 'http://example.com/is_root': true }

      expect(await sayOfJwt(id, 1_300_819_379)).toEqual(claims)
      expect(await sayOfJwt(id, 1_300_819_385)).toBe('ERR_TOKEN_EXPIRED')
      expect(await sayOfJwt(id, 1_300_819_379, { issuer: 'jim' })).toBe('ERR_CLAIM_ISSUER')
    },
  )

  test.each(['rfc9449-fig2-dpop-proof', 'rfc9449-fig12-dpop-proof-ath'])(
    '%s is a DPoP proof, and no access token',
    async (id) => {
      expect(await sayOfJwt(id, 1_562_262_616)).toBe('ERR_TOKEN_TYPE')
    },
  )
})

interface Recipe {
  readonly input: { readonly key: Readonly<Record<string, unknown>> }
  readonly output: { readonly compact?: string; readonly json: object; readonly json_flat: object }
}

const recipe = (path: string): Recipe =>
  read<Recipe>(`ietf-jose-cookbook/${path}.json`, {
    input: { key: {} },
    output: { json: {}, json_flat: {} },
  })

describe('the JOSE cookbook', () => {
  beforeEach(({ skip }) => skip(skipped !== undefined, skipped))

  const ASYMMETRIC = [
    'jws/4_1.rsa_v15_signature',
    'jws/4_2.rsa-pss_signature',
    'jws/4_3.ecdsa_signature',
    'curve25519/jws',
  ]
  const SYMMETRIC = [
    'jws/4_5.signature_with_detached_content',
    'jws/4_6.protecting_specific_header_fields',
    'jws/4_7.protecting_content_only',
  ]
  const publicPart = ({ input }: Recipe): object => {
    const { kty, crv, kid, n, e, x, y } = input.key
    return { kty, crv, kid, n, e, x, y }
  }

  test.each(ASYMMETRIC)('%s has a good signature', async (path) => {
    const { output } = recipe(path)

    expect(await sayOfJws(String(output.compact), [publicPart(recipe(path))])).toBe('valid')
  })

  test.each(ASYMMETRIC)('%s is rejected if the key set has the private key', async (path) => {
    const { input, output } = recipe(path)

    expect(await sayOfJws(String(output.compact), [input.key])).toMatch(/^ERR_KEY_/)
  })

  test.each(['3_1.ec_public_key', '3_3.rsa_public_key'])('the key %s is used', async (name) => {
    const key = read<object>(`ietf-jose-cookbook/jwk/${name}.json`, {})
    const path = name.startsWith('3_1') ? 'jws/4_3.ecdsa_signature' : 'jws/4_1.rsa_v15_signature'

    expect(await sayOfJws(String(recipe(path).output.compact), [key])).toBe('valid')
  })

  test.each(SYMMETRIC)('%s is rejected: the contract allows no secrets', async (path) => {
    const { input, output } = recipe(path)

    expect(await sayOfJws(output.compact ?? '', [input.key])).toMatch(/^ERR_/)
  })

  test.each([...ASYMMETRIC, ...SYMMETRIC])('%s is rejected as JSON', async (path) => {
    const { output } = recipe(path)

    for (const json of [output.json, output.json_flat]) {
      const said = await sayOfJws(JSON.stringify(json), [publicPart(recipe(path))])
      expect(said).toBe('ERR_TOKEN_MALFORMED')
    }
  })
})
