/**
 * Nothing but a proof passes for a proof: other kinds of JWT, other algorithms and keys, more than one header, and no proof at all
 * (RFC 9449 s4.3, s7.2, s11.5, s11.6).
 */
import { createHmac, createPublicKey } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { createTestKey } from '../../src/testing/test-key.ts'
import { createBound, presentProof } from '../verify/support/bound.ts'
import { encode, otherSpellings } from '../verify/support/raw-token.ts'
import { type Attack, judgeProof } from './dpop.ts'
import { ACCEPTED, haveRemembered, sayOf } from './setup.ts'

const invalid = (reason: string): string => `ERR_PROOF_INVALID ${reason}`

describe('no other kind of JWT is a proof', () => {
  test.each([
    undefined,
    null,
    '',
    'JWT',
    'at+jwt',
    'DPOP+JWT',
    'application/dpop+jwt',
    'dpop',
    ['dpop+jwt'],
  ])('typ %j', async (typ) => {
    expect(await judgeProof(({ present }) => present({ header: { typ } }))).toBe(invalid('typ'))
  })

  test('not the token itself', async () => {
    expect(await judgeProof(({ token }) => presentProof(token))).toBe(invalid('typ'))
  })
})

describe('a proof without the request that it is for is a mistake of the caller, and never accepted', () => {
  test.each([
    undefined,
    null,
    {},
    { method: 'GET' },
    { url: 'https://api.example/orders' },
    { method: 1, url: 'https://api.example/orders' },
    { method: 'GET', url: new URL('https://api.example/orders') },
  ])('%j', async (request) => {
    const attack: Attack = ({ present }) => present({}, { request: request as never })

    expect(await judgeProof(attack)).toBe('ERR_CONFIG_INVALID')
  })

  test('whose message says what is missing', async () => {
    const { present, token, verifier } = await createBound()
    const verified = verifier.verify(token, await present({}, { request: undefined as never }))

    await expect(verified).rejects.toThrow('"presented.request" must be { method, url }')
  })
})

describe('no other algorithm signs a proof', () => {
  test.each([undefined, null, 'none', 'None', 'HS256', 'ES256K', 'es256', 'ES256 ', ['ES256'], 1])(
    'alg %j',
    async (alg) => {
      const attack: Attack = ({ present }) => present({ header: { alg }, sign: () => '' })

      expect(await judgeProof(attack)).toBe(invalid('alg'))
    },
  )

  test('not one that the configuration leaves out', async () => {
    const outcome = await judgeProof(
      async ({ clock, token }) => {
        const { createDpopClient } = await import('../verify/support/dpop-client.ts')
        return presentProof(await (await createDpopClient(clock.seconds, 'PS256')).prove(token))
      },
      { dpop: { algorithms: ['ES256'] } },
    )

    expect(outcome).toBe(invalid('alg'))
  })

  test('not an HMAC with the public key', async () => {
    const attack: Attack = ({ present, client }) =>
      present({
        header: { alg: 'HS256' },
        sign: (input) => {
          const pem = createPublicKey({ key: client.jwk as never, format: 'jwk' }).export({
            type: 'spki',
            format: 'pem',
          })
          return createHmac('sha256', pem).update(input).digest('base64url')
        },
      })

    expect(await judgeProof(attack)).toBe(invalid('alg'))
  })

  test.each(['ES384', 'RS256', 'EdDSA'])('not %s with a key for ES256', async (alg) => {
    expect(await judgeProof(({ present }) => present({ header: { alg } }))).toBe(invalid('jwk'))
  })
})

describe('no other key is a public key', () => {
  test.each<[string, (jwk: Record<string, unknown>) => unknown]>([
    ['no key', () => undefined],
    ['null', () => null],
    ['text', (jwk) => JSON.stringify(jwk)],
    ['a list', (jwk) => [jwk]],
    ['an empty object', () => ({})],
    ['a symmetric key', () => ({ kty: 'oct', k: 'AAAA' })],
    ['a private key', (jwk) => ({ ...jwk, d: 'AAAA' })],
    ['a member of a private key', (jwk) => ({ ...jwk, k: '' })],
    ['a key for encryption', (jwk) => ({ ...jwk, use: 'enc' })],
    ['a key that may not verify', (jwk) => ({ ...jwk, key_ops: ['sign'] })],
    ['a key for another algorithm', (jwk) => ({ ...jwk, alg: 'ES512' })],
    ['a key without a coordinate', ({ y: _, ...jwk }) => jwk],
    ['a point that is not on the curve', (jwk) => ({ ...jwk, x: jwk['y'] })],
    ['another curve', (jwk) => ({ ...jwk, crv: 'P-384' })],
    ['a coordinate with padding', (jwk) => ({ ...jwk, x: `${jwk['x']}=` })],
    ['a coordinate with a zero before it', (jwk) => ({ ...jwk, x: withZero(jwk['x']) })],
    [
      'a coordinate with other unused bits',
      (jwk) => ({ ...jwk, x: otherSpellings(String(jwk['x']))[0] }),
    ],
  ])('%s', async (_, change) => {
    const attack: Attack = ({ present, client }) =>
      present({ header: { jwk: change(client.jwk as Record<string, unknown>) } })

    expect(await judgeProof(attack)).toBe(invalid('jwk'))
  })

  test('a real private key, with which the proof is signed', async () => {
    const { subtle } = crypto
    const attack: Attack = async ({ present, client }) => {
      const jwk = await subtle.exportKey('jwk', client.key.privateKey)
      return present({
        header: { jwk: { kty: jwk.kty, crv: jwk.crv, x: jwk.x, y: jwk.y, d: jwk.d } },
      })
    }

    expect(await judgeProof(attack)).toBe(invalid('jwk'))
  })

  test('an RSA key that is too short', async () => {
    const { generateKeyPairSync } = await import('node:crypto')
    const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 1_024 })
    const attack: Attack = ({ present }) =>
      present({ header: { alg: 'RS256', jwk: publicKey.export({ format: 'jwk' }) } })

    expect(await judgeProof(attack)).toBe(invalid('jwk'))
  })

  test('a key that the header refers to', async () => {
    const attack: Attack = ({ present, client }) =>
      present({
        header: { jwk: undefined, jku: 'https://evil.example/jwks', kid: client.jkt, x5c: ['AA'] },
      })

    expect(await judgeProof(attack)).toBe(invalid('jwk'))
  })
})

describe('no signature but that of the key counts', () => {
  const flip = (signature: string): string =>
    `${signature.startsWith('A') ? 'B' : 'A'}${signature.slice(1)}`

  test('none at all', async () => {
    expect(await judgeProof(({ present }) => present({ sign: () => '' }))).toBe(
      invalid('signature'),
    )
  })

  test('one of zeros', async () => {
    const sign = (): string => Buffer.alloc(64).toString('base64url')

    expect(await judgeProof(({ present }) => present({ sign }))).toBe(invalid('signature'))
  })

  test('one that was changed', async () => {
    const attack: Attack = async ({ present }) => {
      const { proof } = await present()
      const [header, payload, signature = ''] = String(proof).split('.')
      return presentProof(`${header}.${payload}.${flip(signature)}`)
    }

    expect(await judgeProof(attack)).toBe(invalid('signature'))
  })

  test.each(['htm', 'htu', 'iat', 'ath', 'jti'])('one for another %s', async (name) => {
    const attack: Attack = async ({ present }) => {
      const { proof } = await present({ claims: { [name]: 'x' } })
      const good = String((await present()).proof)
      const [header, , signature] = good.split('.')
      return presentProof(`${header}.${String(proof).split('.')[1]}.${signature}`)
    }

    expect(await judgeProof(attack)).toBe(invalid('signature'))
  })
})

describe('no proof needs to be understood in another way', () => {
  test.each([{ crit: ['exp'] }, { crit: [] }, { b64: false }, { b64: true }, { zip: 'DEF' }])(
    'header %j',
    async (header) => {
      expect(await judgeProof(({ present }) => present({ header }))).toBe(invalid('crit'))
    },
  )

  test.each<[string, string, (proof: string) => string]>([
    ['a space', 'malformed', (proof) => `${proof} `],
    ['a line break', 'malformed', (proof) => `${proof}\n`],
    ['padding', 'malformed', (proof) => `${proof}=`],
    ['a fourth part', 'malformed', (proof) => `${proof}.AAAA`],
    ['two parts', 'malformed', (proof) => proof.slice(0, proof.lastIndexOf('.'))],
    ['quotes', 'malformed', (proof) => `"${proof}"`],
    ['a scheme', 'malformed', (proof) => `DPoP ${proof}`],
    ['JSON', 'malformed', (proof) => JSON.stringify({ proof })],
    ['another proof after a comma', 'repeated', (proof) => `${proof}, ${proof}`],
    ['nothing after a comma', 'repeated', (proof) => `${proof},`],
    ['more than 8 KB', 'too_large', (proof) => proof.padEnd(8_193, 'A')],
    ['dots alone', 'malformed', () => '.'.repeat(8_000)],
    ['brackets', 'malformed', () => `${encode('['.repeat(4_000))}.e30.`],
    [
      'a header that is a list',
      'malformed',
      (proof) => `${encode('[]')}${proof.slice(proof.indexOf('.'))}`,
    ],
    [
      'a payload that is text',
      'malformed',
      (proof) => `${proof.split('.')[0]}.${encode('"x"')}.AAAA`,
    ],
  ])('%s', async (_, reason, change) => {
    const attack: Attack = async ({ present }) =>
      presentProof(change(String((await present()).proof)))

    expect(await judgeProof(attack)).toBe(invalid(reason))
  })

  test('of two headers, neither counts, in any order', async () => {
    for (const change of [
      (good: string) => [good, good],
      (good: string) => [good, 'x'],
      (good: string) => ['x', good],
      (good: string) => ['', good],
    ]) {
      const attack: Attack = async ({ present }) =>
        presentProof(change(String((await present()).proof)))

      expect(await judgeProof(attack)).toBe(invalid('repeated'))
    }
  })

  test.each([undefined, null, '', 0, ['x'], {}])('jti %j', async (jti) => {
    expect(await judgeProof(({ present }) => present({ claims: { jti } }))).toBe(invalid('jti'))
  })
})

describe('a bound token is no bearer token', () => {
  test.each<[string, string, Attack]>([
    ['without anything', 'ERR_PROOF_MISSING', () => undefined],
    ['under Bearer', 'ERR_PROOF_MISSING', () => ({ scheme: 'Bearer' })],
    ['under no scheme', 'ERR_PROOF_MISSING', () => ({ scheme: '' })],
    ['under DPoP without a proof', 'ERR_PROOF_MISSING', () => presentProof(undefined)],
    ['under DPoP with an empty proof', 'ERR_PROOF_MISSING', () => presentProof('')],
    ['under DPoP with an empty list', 'ERR_PROOF_MISSING', () => presentProof([])],
    [
      'under Bearer with a good proof',
      invalid('scheme'),
      ({ present }) => present({}, { scheme: 'Bearer' }),
    ],
    [
      'under Basic with a good proof',
      invalid('scheme'),
      ({ present }) => present({}, { scheme: 'Basic' }),
    ],
    [
      'under a scheme of another type',
      invalid('scheme'),
      ({ present }) => present({}, { scheme: ['DPoP'] as never }),
    ],
  ])('%s', async (_, outcome, attack) => {
    expect(await judgeProof(attack)).toBe(outcome)
  })

  test('the scheme may be in any case', async () => {
    expect(await judgeProof(({ present }) => present({}, { scheme: 'dpop' }))).toBe(ACCEPTED)
  })

  test.each<unknown>([
    {},
    [],
    null,
    'x',
    { jkt: 1 },
    { jkt: null },
    { jkt: ['x'] },
    { kid: 'x' },
    { jwk: {} },
    { 'x5t#S256': 'x' },
  ])('and one with the binding %j is refused, whatever comes with it', async (cnf) => {
    const token = (bound: Awaited<ReturnType<typeof createBound>>) =>
      bound.issuer.accessToken({ cnf })
    const attack: Attack = async (bound) =>
      presentProof(await bound.client.prove(await token(bound)))

    expect(await judgeProof(attack, { token })).toBe('ERR_TOKEN_UNSUPPORTED cnf')
  })

  test('nor one that is bound in a second way too', async () => {
    const token = ({ issuer, client }: Awaited<ReturnType<typeof createBound>>) =>
      issuer.accessToken({ cnf: { ...client.cnf, 'x5t#S256': 'x' } })
    const attack: Attack = async (bound) =>
      presentProof(await bound.client.prove(await token(bound)))

    expect(await judgeProof(attack, { token })).toBe('ERR_TOKEN_UNSUPPORTED cnf')
  })
})

describe('a bound token whose binding a schema', () => {
  test.each<[string, object]>([
    ['removes', { sub: 'alice' }],
    ['empties', { cnf: {} }],
    ['replaces', { cnf: { jkt: 'x'.repeat(43) } }],
  ])('%s needs its proof all the same', async (_, value) => {
    const validate = () => ({ value })
    const claims = { '~standard': { version: 1 as const, vendor: 'test', validate } }
    const bound = await createBound({}, {}, { claims })

    expect(await judgeProof(() => ({ scheme: 'Bearer' }), { bound })).toBe('ERR_PROOF_MISSING')
  })
})

describe('a token that is not bound', () => {
  const token = (bound: Awaited<ReturnType<typeof createBound>>) => bound.issuer.accessToken()

  test('does not pass under DPoP, with a proof or without', async () => {
    const withProof: Attack = async (bound) =>
      presentProof(await bound.client.prove(await token(bound)))

    expect(await judgeProof(withProof, { token })).toBe('ERR_CLAIM_MISSING cnf missing')
    expect(await judgeProof(() => presentProof(undefined), { token })).toBe(
      'ERR_CLAIM_MISSING cnf missing',
    )
  })

  test('does not pass under Bearer with a proof', async () => {
    const attack: Attack = async (bound) =>
      presentProof(await bound.client.prove(await token(bound)), { scheme: 'Bearer' })

    expect(await judgeProof(attack, { token })).toBe(invalid('scheme'))
  })

  test('passes under Bearer, unless bound tokens are required', async () => {
    const attack: Attack = () => ({ scheme: 'Bearer' })

    expect(await judgeProof(attack, { token })).toBe(ACCEPTED)
    expect(await judgeProof(attack, { token, dpop: { required: true } })).toBe(
      'ERR_CLAIM_MISSING cnf missing',
    )
  })
})

describe('a forged token gets nothing of a good proof', () => {
  test('its own error comes first, and the proof is not used up', async () => {
    const claimed: string[] = []
    const claim = (id: string): boolean => claimed.push(id) > 0
    const { issuer, client, verifier, clock } = await createBound({ replay: { claim } })
    const key = await createTestKey('RS256')
    const good = await issuer.accessToken({ cnf: client.cnf })
    const forged = await issuer.token(
      { iss: issuer.issuer, exp: clock.seconds() + 60, cnf: client.cnf },
      { key: { ...key, kid: issuer.keys[0]?.kid ?? '' } },
    )
    const presented = presentProof(await client.prove(forged))

    expect(await sayOf(() => verifier.verify(forged, presented))).toBe('ERR_TOKEN_SIGNATURE')
    expect(claimed).toEqual([])
    expect(
      await sayOf(async () => verifier.verify(good, presentProof(await client.prove(good)))),
    ).toBe(ACCEPTED)
  })

  test('a key that was remembered signs for no other token', async () => {
    const { issuer, client, verifier } = await createBound()
    const mine = await issuer.accessToken({ cnf: client.cnf })
    const theirs = await issuer.accessToken({ cnf: { jkt: 'x'.repeat(43) } })
    for (const _ of [1, 2, 3]) await verifier.verify(mine, presentProof(await client.prove(mine)))

    const attack = async () => verifier.verify(theirs, presentProof(await client.prove(theirs)))

    expect(await sayOf(attack)).toBe(invalid('jkt'))
  })

  test('a header that was remembered is for its own key, in whole', async () => {
    const { issuer, client, verifier, clock } = await createBound()
    const mine = await issuer.accessToken({ cnf: client.cnf })
    await verifier.verify(mine, presentProof(await client.prove(mine)))
    const { createDpopClient } = await import('../verify/support/dpop-client.ts')
    const thief = await createDpopClient(clock.seconds)

    const attack = async () =>
      verifier.verify(mine, presentProof(await client.prove(mine, { signer: thief.key })))

    expect(await sayOf(attack)).toBe(invalid('signature'))
  })
})

test('a token that is cached without a binding does not stand in for a bound one', async () => {
  const { issuer, client, verifier } = await createBound()
  const free = await issuer.accessToken()
  await haveRemembered(verifier, free)
  const bound = await issuer.accessToken({ cnf: client.cnf })

  expect(await sayOf(() => verifier.verify(bound))).toBe('ERR_PROOF_MISSING')
})

function withZero(coordinate: unknown): string {
  const bytes = Buffer.from(String(coordinate), 'base64url')
  return Buffer.concat([Buffer.alloc(1), bytes]).toString('base64url')
}
