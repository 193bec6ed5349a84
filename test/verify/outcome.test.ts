/**
 * The messages on `jwt-gate:verify`: what they say of each call, and that a subscriber changes no verdict.
 */
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import {
  createVerifier,
  TokenError,
  type TrustedIssuer,
  type Verifier,
  type VerifierOptions,
  type VerifyEvent,
} from 'jwt-gate'
import { requireJwt } from 'jwt-gate/express'
import { createTestIssuer } from 'jwt-gate/testing'
import { describe, expect, test } from 'vitest'
import { record } from '../support/channels.ts'
import { createClock } from './support/clock.ts'
import { createSetup, down, mintTokens } from './support/key-endpoint.ts'

const clock = createClock()
const issuer = await createTestIssuer({ algorithms: ['ES256'], now: clock.now })
const iss = issuer.issuer
const exp = clock.seconds() + 600
const trusted: TrustedIssuer = { issuer: iss, audience: null, jwks: issuer.jwks }
const token = await issuer.token({ iss, exp, sub: 'alice' })
const pooled = await issuer.token({ iss, exp }, { key: issuer.keyFor('ES256') })
const expired = await issuer.token({ iss, exp: exp - 3_600 })
const foreign = await issuer.token({ iss: 'https://evil.example', exp })
const durationMs = expect.any(Number)

const create = (options: VerifierOptions = {}, change: Partial<TrustedIssuer> = {}): Verifier =>
  createVerifier({ ...trusted, ...change }, { now: clock.now, ...options })

const swallow = (work: () => unknown) => async (): Promise<void> => {
  try {
    await work()
  } catch {
    // the message says what it was
  }
}

/** The messages about some calls, which may fail. */
const outcomes = (work: () => unknown): Promise<VerifyEvent[]> =>
  record<VerifyEvent>('jwt-gate:verify', swallow(work))

/** The ways to have a token verified. */
const WAYS: Record<string, (verifier: Verifier, token: string) => unknown> = {
  verify: (verifier, text) => verifier.verify(text),
  verifySync: (verifier, text) => verifier.verifySync(text),
  requireJwt: (verifier, text) => {
    const authorization = `Bearer ${text}`
    const req = { headers: { authorization }, rawHeaders: ['Authorization', authorization] }
    return new Promise((next) => requireJwt(verifier)(req as never, {} as never, next as never))
  },
}

describe.each(Object.entries(WAYS))('%s', (_, verify) => {
  test.each([
    ['RS256', token],
    ['ES256', pooled],
  ])(
    'publishes an accepted token, and from the third time on that it was cached: %s',
    async (_alg, text) => {
      const verifier = create()

      const messages = await outcomes(async () => {
        for (let n = 0; n < 4; n++) await verify(verifier, text)
      })

      const accepted = { outcome: 'accepted', issuer: iss, durationMs }
      expect(messages).toEqual([
        { ...accepted, cached: false },
        { ...accepted, cached: false },
        { ...accepted, cached: true },
        { ...accepted, cached: true },
      ])
    },
  )

  test('publishes a rejected token, with the code and the trusted issuer', async () => {
    const messages = await outcomes(() => verify(create(), expired))

    const code = 'ERR_TOKEN_EXPIRED'
    const rest = { claim: 'exp', issuer: iss, cached: false, durationMs }
    expect(messages).toEqual([{ outcome: 'refused', code, ...rest }])
  })

  test('publishes a failure of your own code as no verdict', async () => {
    const check = () => {
      throw new Error('database down')
    }

    const messages = await outcomes(() => verify(create({ check }), token))

    expect(messages).toEqual([
      {
        ...{ outcome: 'failed', code: 'ERR_CONFIG_INVALID' },
        ...{ issuer: iss, cached: false, durationMs },
      },
    ])
  })

  test('publishes nothing once nobody subscribes any more', async () => {
    const verifier = create()

    const messages = await outcomes(() => undefined)
    await verify(verifier, token)

    expect(messages).toEqual([])
  })
})

test('an issuer that is not trusted is not in the message', async () => {
  const messages = await outcomes(() => create().verify(foreign))

  const rest = { claim: 'iss', cached: false, durationMs }
  expect(messages).toEqual([
    { outcome: 'refused', code: 'ERR_CLAIM_ISSUER', reason: 'mismatch', ...rest },
  ])
})

test('text that is no token has no issuer', async () => {
  const messages = await outcomes(() => create().verify('nonsense'))

  expect(messages).toMatchObject([{ outcome: 'refused', code: 'ERR_TOKEN_MALFORMED' }])
  expect(messages[0]).not.toHaveProperty('issuer')
})

test('a forged token of a trusted issuer has its name, because the configuration has it', async () => {
  const forged = `${token.slice(0, token.lastIndexOf('.'))}.${pooled.split('.')[2]}`

  const messages = await outcomes(() => create().verify(forged))

  expect(messages).toMatchObject([
    { outcome: 'refused', code: 'ERR_TOKEN_SIGNATURE', issuer: iss, cached: false },
  ])
})

test('an outage is a failure, not a rejected token, and says which issuer', async () => {
  const { verifier, answer } = createSetup(issuer)
  const { first } = await mintTokens(issuer)
  answer(down)

  const messages = await outcomes(() => verifier.verify(first))

  expect(messages).toMatchObject([
    { outcome: 'failed', code: 'ERR_JWKS_UNAVAILABLE', reason: 'network', issuer: iss },
  ])
})

test('an issuer that a function has found is in the message', async () => {
  const verifier = createVerifier(async (name) => (name === iss ? trusted : undefined), {
    now: clock.now,
  })

  const messages = await outcomes(async () => {
    await verifier.verify(token)
    await verifier.verify(foreign)
  })

  expect(messages.map(({ outcome, issuer: name }) => [outcome, name])).toEqual([
    ['accepted', iss],
    ['refused', undefined],
  ])
})

test('a cached token that has expired is one from the cache', async () => {
  const moving = createClock()
  const verifier = create({ now: moving.now })
  for (let n = 0; n < 3; n++) await verifier.verify(token)
  moving.advance(3_600_000)

  const messages = await outcomes(() => verifier.verify(token))

  expect(messages).toMatchObject([{ outcome: 'refused', code: 'ERR_TOKEN_EXPIRED', cached: true }])
})

test('a cached token whose key is gone is not one from the cache', async () => {
  const { verifier, publish } = createSetup(issuer)
  const { first } = await mintTokens(issuer)
  for (let n = 0; n < 3; n++) await verifier.verify(first)
  publish(1)
  verifier.close()

  const messages = await outcomes(() => verifier.verify(first))

  expect(messages).toMatchObject([{ outcome: 'refused', code: 'ERR_KEY_NOT_FOUND', cached: false }])
})

test('a rule of your own that rejects a token is named by its error', async () => {
  const check = async () => {
    throw new TokenError('ERR_TOKEN_CHECK', { claim: 'tenant', reason: 'invalid' })
  }

  const messages = await outcomes(() => create({ check }).verify(token))

  expect(messages).toMatchObject([
    { outcome: 'refused', code: 'ERR_TOKEN_CHECK', claim: 'tenant', reason: 'invalid' },
  ])
})

test('a duration is not negative, and `now` has no influence on it', async () => {
  let ms = clock.now()
  const now = () => {
    ms -= 1_000
    return ms
  }

  const messages = await outcomes(() => create({ now }).verify(token))

  expect(messages[0]?.durationMs).toBeGreaterThanOrEqual(0)
})

describe('a subscriber', () => {
  test('cannot change a message', async () => {
    const [message] = await outcomes(() => create().verify(token))

    expect(Object.isFrozen(message)).toBe(true)
  })

  test('may verify a token itself', async () => {
    const outer = create()
    const inner = create()
    const results: unknown[] = []
    const again = ({ cached }: VerifyEvent): void => {
      if (!cached && results.length < 3) results.push(inner.verifySync(token).claims['sub'])
    }

    await record<VerifyEvent>(
      'jwt-gate:verify',
      async () => expect((await outer.verify(token)).claims.sub).toBe('alice'),
      again,
    )

    expect(results).toContain('alice')
  })

  test.each([
    ['a good token', token],
    ['an expired token', expired],
    ['a token of another issuer', foreign],
    ['no token', ''],
  ])('changes no verdict, and no call of the clock: %s', async (_, text) => {
    const run = async () => {
      let ticks = 0
      const now = () => {
        ticks++
        return clock.now()
      }
      const verifier = create({ now })
      const [result] = await Promise.allSettled([verifier.verify(text)])
      return { result, ticks }
    }

    const without = await run()
    let withOne: unknown
    const messages = await outcomes(async () => {
      withOne = await run()
    })

    expect(messages).toHaveLength(1)
    expect(withOne).toEqual(without)
  })

  // Node reports such an error as uncaught, which would end this process
  test('that throws changes no verdict: Node reports its error as uncaught', async () => {
    const { stdout } = await promisify(execFile)(
      process.execPath,
      ['--import', 'tsx', 'test/support/throwing-subscriber.ts'],
      { cwd: new URL('../../', import.meta.url) },
    )

    expect(JSON.parse(stdout)).toEqual({
      results: ['alice', 'alice', 'ERR_TOKEN_MALFORMED', 'ERR_TOKEN_MALFORMED'],
      uncaught: Array(4).fill('a subscriber threw'),
    })
  }, 120_000)
})
