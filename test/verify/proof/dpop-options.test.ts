/**
 * The options `dpop` and `mtls`.
 */
import { createVerifier, type DpopOptions, type Presented, type VerifierOptions } from 'jwt-gate'
import { describe, expect, test } from 'vitest'
import { confirmationsOf, readBinding } from '../../../src/verify/proof/binding-settings.ts'
import { createBound, presentProof, SECRET } from '../support/bound.ts'

const replay = { claim: () => true }
const create = (options: unknown) =>
  createVerifier({ issuer: 'https://idp.example', audience: null }, options as VerifierOptions)

test.each<[string, unknown, string]>([
  ['no object', true, 'dpop'],
  ['no store', {}, 'dpop.replay'],
  ['a store of another kind', { replay: new Map() }, 'dpop.replay'],
  ['an unknown option', { replay, window: 1 }, 'window'],
  ['a wrong required', { replay, required: 'yes' }, 'dpop.required'],
  ['no time', { replay, maxAgeSeconds: 0 }, 'dpop.maxAgeSeconds'],
  ['too much time', { replay, maxAgeSeconds: 3_601 }, 'dpop.maxAgeSeconds'],
  ['a symmetric algorithm', { replay, algorithms: ['HS256'] }, 'dpop.algorithms'],
  ['no algorithm', { replay, algorithms: [] }, 'dpop.algorithms'],
  ['none', { replay, algorithms: ['none'] }, 'dpop.algorithms'],
  ['a nonce without secret', { replay, nonce: {} }, 'dpop.nonce.secret'],
  ['no secret in a list', { replay, nonce: { secret: [] } }, 'dpop.nonce.secret'],
  ['a short secret', { replay, nonce: { secret: 'x'.repeat(31) } }, 'dpop.nonce.secret'],
  [
    'a short secret among others',
    { replay, nonce: { secret: [SECRET, 'x'] } },
    'dpop.nonce.secret',
  ],
  ['a secret that is no text', { replay, nonce: { secret: 1 } }, 'dpop.nonce.secret'],
  [
    'a lifetime of nothing',
    { replay, nonce: { secret: SECRET, lifetimeSeconds: 0 } },
    'dpop.nonce.lifetimeSeconds',
  ],
  [
    'a lifetime of a second',
    { replay, nonce: { secret: SECRET, lifetimeSeconds: 1 } },
    'dpop.nonce.lifetimeSeconds',
  ],
  [
    'a lifetime of more than a day',
    { replay, nonce: { secret: SECRET, lifetimeSeconds: 86_401 } },
    'dpop.nonce.lifetimeSeconds',
  ],
  ['a nonce that is no object', { replay, nonce: 5 }, 'dpop.nonce'],
  ['an unknown option of nonces', { replay, nonce: { secret: SECRET, ttl: 1 } }, 'ttl'],
])('%s in "dpop" is rejected', (_, dpop, name) => {
  expect(() => create({ dpop })).toThrow(
    expect.objectContaining({
      code: 'ERR_CONFIG_INVALID',
      message: expect.stringContaining(`"${name}"`),
    }),
  )
})

test.each([['yes'], [1], [null], [{}]])('%j for "mtls" is rejected', (mtls) => {
  expect(() => create({ mtls })).toThrow('"mtls"')
})

test('only what is asked for is checked, and no token that is bound otherwise passes', () => {
  const dpop = { replay }

  expect(readBinding(undefined, undefined)).toBeUndefined()
  expect(readBinding(undefined, false)).toBeUndefined()
  expect([...confirmationsOf(undefined)]).toEqual([])
  expect([...confirmationsOf(readBinding(dpop, undefined))]).toEqual(['jkt'])
  expect([...confirmationsOf(readBinding(undefined, true))]).toEqual(['x5t#S256'])
  expect([...confirmationsOf(readBinding(dpop, true))]).toEqual(['jkt', 'x5t#S256'])
})

describe('an option counts', () => {
  test.each<[string, Partial<DpopOptions>, string]>([
    ['algorithms', { algorithms: ['PS256'] }, 'ERR_PROOF_INVALID'],
    ['nonce', { nonce: { secret: Buffer.alloc(32) } }, 'ERR_PROOF_NONCE'],
    ['replay', { replay: { claim: () => false } }, 'ERR_PROOF_REPLAYED'],
  ])('%s', async (_, dpop, code) => {
    const { send } = await createBound(dpop)

    await expect(send()).rejects.toMatchObject({ code })
  })

  test('maxAgeSeconds', async () => {
    const { send, clock } = await createBound({ maxAgeSeconds: 10 }, { clockToleranceSeconds: 0 })

    await expect(send({ iat: clock.seconds() - 10 })).resolves.toBeDefined()
    await expect(send({ iat: clock.seconds() - 11 })).rejects.toMatchObject({ reason: 'iat' })
  })

  test('required', async () => {
    const { verifier, createOther, issuer } = await createBound()
    const token = await issuer.accessToken()

    await expect(verifier.verify(token, { scheme: 'Bearer' })).resolves.toBeDefined()
    for (const presented of [undefined, { scheme: 'Bearer' }]) {
      const work = createOther({ required: true }).verify(token, presented)
      await expect(work).rejects.toMatchObject({ code: 'ERR_CLAIM_MISSING', claim: 'cnf' })
    }
  })

  test('once: a secret that is changed later has no effect', async () => {
    const secret = Buffer.alloc(32, 7)
    const { send } = await createBound({ nonce: { secret } })
    const { nextNonce: first } = await send().catch((error) => error)
    secret.fill(0)

    await expect(send({ nonce: first })).resolves.toMatchObject({ nextNonce: first })
  })
})

describe('verifySync', () => {
  test('takes a synchronous store', async () => {
    const { verifier, token, present } = await createBound()
    const presented = await present()

    expect(verifier.verifySync(token, presented)).toBeDefined()
    expect(() => verifier.verifySync(token, presented)).toThrow(
      expect.objectContaining({ code: 'ERR_PROOF_REPLAYED' }),
    )
  })

  test.each([
    ['resolves', async () => true],
    ['rejects', async () => Promise.reject(new Error('down'))],
  ])('rejects a store whose promise %s', async (_, claim) => {
    const { verifier, token, present } = await createBound({ replay: { claim } })
    const presented = await present()

    expect(() => verifier.verifySync(token, presented)).toThrow('"dpop.replay" is asynchronous')
  })
})

describe('the replay store', () => {
  test.each<[string, () => never | Promise<never>]>([
    [
      'throws',
      () => {
        throw new Error('down')
      },
    ],
    ['rejects', () => Promise.reject(new Error('down'))],
  ])('if it %s, that is no verdict', async (_, claim) => {
    const { send } = await createBound({ replay: { claim } })

    await expect(send()).rejects.toMatchObject({
      ...{ code: 'ERR_STORE_UNAVAILABLE', status: 503, retryAfterSeconds: 1 },
      cause: { message: 'down' },
    })
  })

  test.each([[undefined], [1], ['OK'], [null], [{}]])(
    'if it returns %j, the configuration is wrong',
    async (claimed) => {
      for (const claim of [() => claimed, async () => claimed]) {
        const { send } = await createBound({ replay: { claim } as never })

        await expect(send()).rejects.toMatchObject({
          ...{ code: 'ERR_CONFIG_INVALID', message: '"dpop.replay" must return true or false' },
        })
      }
    },
  )

  test('may be asynchronous: the result is the token all the same', async () => {
    const secret = SECRET
    for (const dpop of [{}, { nonce: { secret } }]) {
      const ids = new Set<string>()
      const claim = async (id: string) => ids.size < ids.add(id).size
      const { send, client } = await createBound({ ...dpop, replay: { claim } })
      const { nextNonce: nonce } = await send().catch((error) => error)
      const verified = await send({ nonce })

      expect(verified.claims).toMatchObject({ cnf: client.cnf })
      expect(verified.nextNonce).toBe(nonce)
      expect(ids.size).toBe(nonce === undefined ? 2 : 1)
    }
  })

  test('gets a digest, and the seconds that the proof could be used again', async () => {
    const claims: [string, number][] = []
    const claim = (id: string, seconds: number) => claims.push([id, seconds]) > 0
    const { send, clock } = await createBound({ replay: { claim } })

    await send({ claims: { jti: 'an identifier' } })
    await send({ iat: clock.seconds() - 65 })
    await send({ iat: clock.seconds() + 5 })

    const [[id = ''] = [], ...others] = claims
    expect(id).toMatch(/^[\w-]{43}$/)
    // 60 and three times the tolerance of 5, and one for the rounding
    expect([claims[0], ...others].map((claim) => claim?.[1])).toEqual([76, 11, 81])
  })

  test('gets nothing of a proof that is bad in any other way', async () => {
    let claims = 0
    const claim = () => ++claims > 0
    const { send, token, createOther, client } = await createBound({ replay: { claim } })
    const bad = [
      ...[{ method: 'POST' }, { url: 'https://evil.example' }, { iat: 1 }, { sign: () => 'AA' }],
      ...[{ claims: { ath: 'x' } }, { claims: { jti: '' } }, { header: { typ: 'JWT' } }],
    ]

    for (const parts of bad) await expect(send(parts)).rejects.toThrow('DPoP proof')
    const noncing = createOther({ nonce: { secret: SECRET } })
    const work = noncing.verify(token, presentProof(await client.prove(token)))
    await expect(work).rejects.toMatchObject({ code: 'ERR_PROOF_NONCE' })

    expect(claims).toBe(0)
    await send()
    expect(claims).toBe(1)
  })
})

test.each([{ mtls: true }, { dpop: { replay } }])(
  '%j: close() works before any proof',
  (options) => {
    const verifier = create(options)

    expect(() => verifier.close()).not.toThrow()
  },
)

describe('with "mtls" alone', () => {
  const x5t = 'x'.repeat(43)

  test('a token that is not bound may come with a proof, which is not read', async () => {
    const { issuer, createOther } = await createBound()
    const verifier = createOther({}, { dpop: undefined, mtls: true })
    const token = await issuer.accessToken()

    await expect(
      verifier.verify(token, presentProof('x', { scheme: 'Bearer' })),
    ).resolves.toBeDefined()
  })

  test.each<[string, Presented | undefined, string]>([
    ['nothing was presented', undefined, 'missing'],
    ['there is no certificate', { scheme: 'Bearer' }, 'missing'],
    ['it is no certificate', { scheme: 'Bearer', certificate: 'x' }, 'mismatch'],
  ])('a bound token does not pass if %s', async (_, presented, reason) => {
    const { issuer, createOther } = await createBound()
    const verifier = createOther({}, { dpop: undefined, mtls: true })
    const token = await issuer.accessToken({ cnf: { 'x5t#S256': x5t } })

    await expect(verifier.verify(token, presented)).rejects.toMatchObject({
      ...{ code: 'ERR_CERTIFICATE_MISMATCH', reason },
    })
  })
})

test('check runs after the proof, and only then', async () => {
  const seen: unknown[] = []
  const check = ({ nextNonce }: { nextNonce?: string }) => void seen.push(nextNonce)
  const { send } = await createBound({ nonce: { secret: SECRET } }, { check })

  const { nextNonce } = await send().catch((error) => error)
  expect(seen).toEqual([])
  await send({ nonce: nextNonce })
  expect(seen).toEqual([nextNonce])
})

test('a verifier without both options rejects bound tokens, whatever is presented', async () => {
  const { issuer, token, present } = await createBound()
  const plain = createVerifier({ issuer: issuer.issuer, audience: null, jwks: issuer.jwks })
  const presented = await present()

  for (const call of [plain.verify, async (...all: [string, never]) => plain.verifySync(...all)]) {
    await expect(call(token, presented as never)).rejects.toMatchObject({
      ...{ code: 'ERR_TOKEN_UNSUPPORTED', claim: 'cnf' },
    })
  }
})
