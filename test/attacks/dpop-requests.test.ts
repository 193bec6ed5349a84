/**
 * A proof is good for one request, one token, one key and one time (RFC 9449 s4.3). What somebody has captured is worth nothing
 * anywhere else.
 */
import { randomBytes } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { createBound, newStore, presentProof, SECRET } from '../verify/support/bound.ts'
import { createDpopClient, METHOD, toAth, URL_OF_REQUEST } from '../verify/support/dpop-client.ts'
import { type Attack, judgeProof } from './dpop.ts'
import { ACCEPTED, sayOf } from './setup.ts'

const invalid = (reason: string): string => `ERR_PROOF_INVALID ${reason}`

describe('a proof for another method', () => {
  test.each(['POST', 'get', 'GET ', 'HEAD', '', 'GETX', '*'])('%j', async (method) => {
    expect(await judgeProof(({ present }) => present({ method }))).toBe(invalid('htm'))
  })

  test.each([undefined, null, ['GET'], { method: 'GET' }, 1])('%j as htm', async (htm) => {
    expect(await judgeProof(({ present }) => present({ claims: { htm } }))).toBe(invalid('htm'))
  })

  test('for a request with another method', async () => {
    const attack: Attack = ({ present }) =>
      present({}, { request: { method: 'DELETE', url: URL_OF_REQUEST } })

    expect(await judgeProof(attack)).toBe(invalid('htm'))
  })
})

describe('a proof for another URL', () => {
  test.each([
    'http://api.example/orders',
    'https://evil.example/orders',
    'https://api.example.evil.example/orders',
    'https://api.example:8443/orders',
    'https://api.example:80/orders',
    'https://api.example./orders',
    'https://api.example/orders/',
    'https://api.example/Orders',
    'https://api.example//orders',
    'https://api.example/orders/1',
    'https://api.example/orders%2F',
    'https://api.example/%6Frders%2f..',
    'https://api.example/orders;v=1',
    'https://api.example/',
    'https://api.example',
    'https://user@api.example/orders',
    'https://api.example@evil.example/orders',
    'https://evil.example/?https://api.example/orders',
    'https://evil.example#https://api.example/orders',
    'https:\\\\api.example\\orders',
    'https://api.example\\@evil.example/orders',
    'https:/api.example/orders',
    '//api.example/orders',
    '/orders',
    'orders',
    ' https://api.example/orders',
    'https://api.example/orders\n',
    'https://api.example/ord\ters',
    'https://api.examplе/orders',
    'wss://api.example/orders',
    '',
  ])('%j', async (url) => {
    expect(await judgeProof(({ present }) => present({ url }))).toBe(invalid('htu'))
  })

  test.each([undefined, null, [URL_OF_REQUEST], { href: URL_OF_REQUEST }, 1])(
    '%j as htu',
    async (htu) => {
      expect(await judgeProof(({ present }) => present({ claims: { htu } }))).toBe(invalid('htu'))
    },
  )

  test.each([
    'https://api.example/admin',
    'https://api.example/orders/../admin',
    'https://api.example/orders/%2e%2e/admin',
    'https://api.example/orders%2f..%2fadmin',
    'https://other.example/orders',
    '*',
    '',
  ])('is not good for a request to %j', async (url) => {
    const attack: Attack = ({ present }) => present({}, { request: { method: METHOD, url } })

    expect(await judgeProof(attack)).toBe(invalid('htu'))
  })

  test.each([
    'HTTPS://API.EXAMPLE/orders',
    'https://api.example:443/orders',
    'https://api.example/x/../orders',
    'https://api.example/%6Frders',
    'https://api.example/orders?limit=1#top',
  ])('%s is only another spelling, and passes', async (url) => {
    expect(await judgeProof(({ present }) => present({ url }))).toBe(ACCEPTED)
  })
})

describe('a proof for another token', () => {
  test('of the same client', async () => {
    const attack: Attack = async ({ client, issuer }) =>
      presentProof(await client.prove(await issuer.accessToken({ cnf: client.cnf, jti: 'other' })))

    expect(await judgeProof(attack)).toBe(invalid('ath'))
  })

  test.each([
    ['nothing', () => undefined],
    ['null', () => null],
    ['nothing in text', () => ''],
    ['the token itself', (token: string) => token],
    ['a hash with padding', (token: string) => `${toAth(token)}=`],
    [
      'a hash in another alphabet',
      (token: string) => Buffer.from(toAth(token), 'base64url').toString('hex'),
    ],
    ['the start of the hash', (token: string) => toAth(token).slice(0, -1)],
    ['a list', (token: string) => [toAth(token)]],
    ['the hash of the token with a space', (token: string) => toAth(`${token} `)],
  ] as [string, (token: string) => unknown][])('with %s as ath', async (_, ath) => {
    const attack: Attack = ({ present, token }) => present({ claims: { ath: ath(token) } })

    expect(await judgeProof(attack)).toBe(invalid('ath'))
  })
})

describe('a proof of another key', () => {
  test.each(['ES256', 'PS256', 'Ed25519'] as const)('that is good in itself (%s)', async (alg) => {
    const attack: Attack = async ({ clock, token }) =>
      presentProof(await (await createDpopClient(clock.seconds, alg)).prove(token))

    expect(await judgeProof(attack)).toBe(invalid('jkt'))
  })

  test('which signs under the key of the client', async () => {
    const attack: Attack = async ({ clock, present }) =>
      present({ signer: (await createDpopClient(clock.seconds)).key })

    expect(await judgeProof(attack)).toBe(invalid('signature'))
  })

  test.each<[string, (jkt: string) => string]>([
    ['with padding', (jkt) => `${jkt}=`],
    ['in capitals', (jkt) => jkt.toUpperCase()],
    ['in another alphabet', (jkt) => Buffer.from(jkt, 'base64url').toString('hex')],
    ['without its end', (jkt) => jkt.slice(0, -1)],
    ['of nothing', () => ''],
  ])('for a token that is bound to a thumbprint %s', async (_, change) => {
    const { issuer, client, verifier, send } = await createBound()
    const token = await issuer.accessToken({ cnf: { jkt: change(client.jkt) } })
    const proof = await client.prove(token)

    expect(await sayOf(() => verifier.verify(token, presentProof(proof)))).toBe(invalid('jkt'))
    expect(await sayOf(send)).toBe(ACCEPTED)
  })
})

describe('a proof of another time', () => {
  const at =
    (offset: number): Attack =>
    ({ present, clock }) =>
      present({ iat: clock.seconds() + offset })

  test.each([-66, -3_600, 6, 3_600])('%i seconds away', async (offset) => {
    expect(await judgeProof(at(offset))).toBe(invalid('iat'))
    expect(await judgeProof(at(Math.sign(offset)), { control: at(0) })).toBe(ACCEPTED)
  })

  test.each([undefined, null, '', '1800000000', true, [1_800_000_000], Number.NaN])(
    'of %j',
    async (iat) => {
      expect(await judgeProof(({ present }) => present({ iat }))).toBe(invalid('iat'))
    },
  )
})

describe('a proof that was used', () => {
  test.each([0, 30_000, 64_000])('does not pass again after %i ms', async (ms) => {
    const { verifier, token, present, clock, send } = await createBound()
    const presented = await present()
    await verifier.verify(token, presented)
    clock.advance(ms)

    expect(await sayOf(() => verifier.verify(token, presented))).toBe('ERR_PROOF_REPLAYED')
    expect(await sayOf(() => verifier.verifySync(token, presented))).toBe('ERR_PROOF_REPLAYED')
    expect(await sayOf(send)).toBe(ACCEPTED)
  })

  test('nor does one that only names it', async () => {
    const { send } = await createBound()
    await send({ claims: { jti: 'used' } })

    expect(await sayOf(() => send({ claims: { jti: 'used' } }))).toBe('ERR_PROOF_REPLAYED')
    expect(await sayOf(() => send({ claims: { jti: 'used ' } }))).toBe(ACCEPTED)
  })

  test('also not at the same moment, at any of several servers with one store', async () => {
    const { createOther, token, present, clock } = await createBound()
    const replay = newStore(clock)
    const servers = [1, 2, 3, 4].map(() => createOther({ replay }))
    const presented = await present()

    const outcomes = await Promise.all(
      servers.flatMap(({ verify }) => [1, 2, 3].map(() => sayOf(() => verify(token, presented)))),
    )

    expect(outcomes.filter((one) => one === ACCEPTED)).toHaveLength(1)
    expect(new Set(outcomes)).toEqual(new Set([ACCEPTED, 'ERR_PROOF_REPLAYED']))
  })

  test('and the identifier of one client is not taken from another', async () => {
    const { issuer, verifier, clock, send } = await createBound()
    const other = await createDpopClient(clock.seconds)
    const token = await issuer.accessToken({ cnf: other.cnf })
    await send({ claims: { jti: 'the same' } })

    const proof = await other.prove(token, { claims: { jti: 'the same' } })

    expect(await sayOf(() => verifier.verify(token, presentProof(proof)))).toBe(ACCEPTED)
  })
})

describe('a nonce', () => {
  const dpop = { nonce: { secret: SECRET } }
  const control: Attack = async ({ verifier, token, present }) => {
    const { nextNonce } = await verifier.verify(token, await present()).catch((error) => error)
    return present({ nonce: nextNonce })
  }

  test.each<[string, string, Attack]>([
    ['that is missing', 'missing', ({ present }) => present()],
    [
      'of nobody',
      'mismatch',
      ({ present }) => present({ nonce: randomBytes(32).toString('base64url') }),
    ],
    ['that is empty', 'mismatch', ({ present }) => present({ claims: { nonce: '' } })],
    ['that is null', 'mismatch', ({ present }) => present({ claims: { nonce: null } })],
    [
      'in a list',
      'mismatch',
      async (bound) => {
        const { nextNonce } = await bound.send().catch((error) => error)
        return bound.present({ claims: { nonce: [nextNonce] } })
      },
    ],
    [
      'of a server with another secret',
      'mismatch',
      async ({ createOther, token, present }) => {
        const other = createOther({ nonce: { secret: `other ${SECRET}` } })
        const { nextNonce } = await other.verify(token, await present()).catch((error) => error)
        return present({ nonce: nextNonce })
      },
    ],
    [
      'of an earlier time',
      'mismatch',
      async ({ createOther, token, present, clock }) => {
        const now = (): number => clock.now() - 301_000
        const before = createOther({}, { now, clockToleranceSeconds: 0 })
        const early = await present({ iat: now() / 1_000 })
        const { nextNonce } = await before.verify(token, early).catch((error) => error)
        return present({ nonce: nextNonce })
      },
    ],
    [
      'of a time to come',
      'mismatch',
      async ({ createOther, token, present, clock }) => {
        const now = (): number => clock.now() + 301_000
        const later = createOther({}, { now, clockToleranceSeconds: 0 })
        const late = await present({ iat: now() / 1_000 })
        const { nextNonce } = await later.verify(token, late).catch((error) => error)
        return present({ nonce: nextNonce })
      },
    ],
    [
      'with something after it',
      'mismatch',
      async (bound) => {
        const { nextNonce } = await bound.send().catch((error) => error)
        return bound.present({ nonce: `${nextNonce}A` })
      },
    ],
  ])('%s', async (_, reason, attack) => {
    expect(await judgeProof(attack, { dpop, control })).toBe(`ERR_PROOF_NONCE ${reason}`)
  })
})
