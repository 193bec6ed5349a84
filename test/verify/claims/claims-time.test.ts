/**
 * Step 6: exp, nbf, iat and the maximum age, on both sides of every boundary.
 */
import { createVerifier, type TrustedIssuer, type VerifierOptions } from 'jwt-gate'
import { createTestIssuer } from 'jwt-gate/testing'
import { describe, expect, test } from 'vitest'
import { createClock } from '../support/clock.ts'

const clock = createClock()
const NOW = clock.seconds()
const issuer = await createTestIssuer({ now: clock.now })
const base: TrustedIssuer = { issuer: issuer.issuer, audience: null, jwks: issuer.jwks }
const exp = NOW + 3_600

function createStrict(change: Partial<TrustedIssuer> = {}, options: VerifierOptions = {}) {
  return createVerifier({ ...base, ...change }, { now: clock.now, ...options })
}

/** The outcome for these claims: `'accepted'`, or the code and the claim. */
async function judge(
  verifier: ReturnType<typeof createStrict>,
  claims: Record<string, unknown> | string,
): Promise<string> {
  const token = await issuer.token(
    typeof claims === 'string' ? claims : { iss: issuer.issuer, ...claims },
  )
  return verifier.verify(token).then(
    () => 'accepted',
    ({ code, claim }) => `${code} ${claim}`,
  )
}

const EXPIRED = 'ERR_TOKEN_EXPIRED exp'
const NOT_ACTIVE = 'ERR_TOKEN_NOT_ACTIVE nbf'

describe('exp', () => {
  test.each([
    [0, NOW + 1, 'accepted'],
    [0, NOW + 0.001, 'accepted'],
    [0, NOW, EXPIRED],
    [0, NOW - 1, EXPIRED],
    [5, NOW - 4, 'accepted'],
    [5, NOW - 5, EXPIRED],
    [60, NOW - 59.5, 'accepted'],
    [60, NOW - 60, EXPIRED],
    [0, 0, EXPIRED],
    [0, -1, EXPIRED],
    [0, 1e308, 'accepted'],
  ])('with a tolerance of %i s, %d is %s', async (clockToleranceSeconds, exp, outcome) => {
    const verifier = createStrict({}, { clockToleranceSeconds })

    expect(await judge(verifier, { exp })).toBe(outcome)
  })

  test('may be a number with a fraction', async () => {
    const verifier = createStrict({}, { clockToleranceSeconds: 0 })

    expect(await judge(verifier, { exp: NOW + 0.146322, nbf: NOW - 0.5 })).toBe('accepted')
    expect(await judge(verifier, { exp: NOW - 0.146322 })).toBe(EXPIRED)
  })

  test('has a tolerance of 5 s by default', async () => {
    const verifier = createStrict()

    expect(await judge(verifier, { exp: NOW - 4 })).toBe('accepted')
    expect(await judge(verifier, { exp: NOW - 5 })).toBe(EXPIRED)
  })

  test('is required', async () => {
    expect(await judge(createStrict(), {})).toBe('ERR_CLAIM_MISSING exp')
  })
})

describe('nbf', () => {
  test.each([
    [0, NOW, 'accepted'],
    [0, NOW + 0.001, NOT_ACTIVE],
    [0, NOW + 1, NOT_ACTIVE],
    [5, NOW + 5, 'accepted'],
    [5, NOW + 6, NOT_ACTIVE],
    [0, 0, 'accepted'],
    [0, -1, 'accepted'],
  ])('with a tolerance of %i s, %d is %s', async (clockToleranceSeconds, nbf, outcome) => {
    const verifier = createStrict({}, { clockToleranceSeconds })

    expect(await judge(verifier, { exp, nbf })).toBe(outcome)
  })
})

describe('iat and the maximum age', () => {
  const OLD = 'ERR_TOKEN_TOO_OLD iat'
  const FUTURE = 'ERR_TOKEN_NOT_ACTIVE iat'

  test('iat may be in the future if there is no maximum age', async () => {
    expect(await judge(createStrict(), { exp, iat: NOW + 1_000 })).toBe('accepted')
  })

  test.each([
    [60, 0, NOW, 'accepted'],
    [60, 0, NOW - 60, 'accepted'],
    [60, 0, NOW - 60.001, OLD],
    [60, 0, NOW - 61, OLD],
    [60, 5, NOW - 65, 'accepted'],
    [60, 5, NOW - 66, OLD],
    [60, 0, NOW + 1, FUTURE],
    [60, 5, NOW + 5, 'accepted'],
    [60, 5, NOW + 6, FUTURE],
    [0, 0, NOW, 'accepted'],
    [0, 0, NOW - 1, OLD],
    [60, 0, 0, OLD],
  ])(
    'a maximum age of %i s with a tolerance of %i s: issued at %d is %s',
    async (max, tolerance, iat, outcome) => {
      const verifier = createStrict(
        { maxTokenAgeSeconds: max },
        { clockToleranceSeconds: tolerance },
      )

      expect(await judge(verifier, { exp, iat })).toBe(outcome)
    },
  )

  test('iat is required if there is a maximum age', async () => {
    const verifier = createStrict({ maxTokenAgeSeconds: 60 })

    expect(await judge(verifier, { exp })).toBe('ERR_CLAIM_MISSING iat')
  })

  test('the error marks a token that was issued in the future', async () => {
    const verifier = createStrict({ maxTokenAgeSeconds: 60 })

    const work = verifier.verify(await issuer.accessToken({ iat: NOW + 60 }))

    await expect(work).rejects.toMatchObject({ reason: 'future', status: 401 })
  })
})

describe('wrong types', () => {
  const wrong = [`${NOW + 60}`, '', 'soon', null, true, false, [], [NOW + 60], {}]

  describe.each(['exp', 'nbf', 'iat'])('%s', (claim) => {
    test.each(wrong)('%j is rejected, and never converted to a number', async (value) => {
      const outcome = await judge(createStrict(), { exp, [claim]: value })

      expect(outcome).toBe(`ERR_CLAIM_INVALID ${claim}`)
    })

    test.each(['1e999', '-1e999'])('%s is not a finite number', async (number) => {
      const payload = `{"iss":"${issuer.issuer}","exp":${exp},"${claim}":${number}}`

      expect(await judge(createStrict(), payload)).toBe(`ERR_CLAIM_INVALID ${claim}`)
    })
  })
})

describe('the clock', () => {
  test('is read again for every token', async () => {
    const moving = createClock()
    const verifier = createStrict({}, { now: moving.now, clockToleranceSeconds: 0 })

    expect(await judge(verifier, { exp: NOW + 10 })).toBe('accepted')
    moving.advance(10_000)
    expect(await judge(verifier, { exp: NOW + 10 })).toBe(EXPIRED)
    moving.advance(-1)
    expect(await judge(verifier, { exp: NOW + 10 })).toBe('accepted')
  })

  test('causes every token to be rejected if it stops returning a number', async () => {
    let ms = NOW * 1_000
    const verifier = createStrict({ maxTokenAgeSeconds: 60 }, { now: () => ms })
    ms = Number.NaN

    expect(await judge(verifier, { exp, iat: NOW })).toMatch(/^ERR_CONFIG_INVALID/)
  })

  const refused = expect.objectContaining({
    name: 'ConfigError',
    message: expect.stringContaining('"now" must return the milliseconds since 1970'),
  })

  test.each<[string, () => unknown]>([
    ['seconds', () => NOW],
    ['seconds with a fraction', () => Date.now() / 1_000],
    ['the time since the process started', () => performance.now()],
    ['microseconds', () => NOW * 1e6],
    ['nanoseconds', () => process.hrtime.bigint()],
    ['a date', () => new Date()],
    ['a text', () => new Date().toISOString()],
    ['a number as text', () => String(NOW * 1_000)],
    ['nothing', () => undefined],
    ['less than the smallest time', () => 1e11 - 1],
    ['the first time that is too large', () => 1e14],
  ])('is refused at construction if it returns %s', (_, now) => {
    expect(() => createVerifier(base, { now: now as () => number })).toThrow(refused)
  })

  test.each([1e11, 1e14 - 1, Date.now()])('may return %d', (ms) => {
    expect(createVerifier(base, { now: () => ms })).toBeDefined()
  })

  test('is refused on the call that shows it', async () => {
    let ms = NOW * 1_000
    const verifier = createVerifier(base, { now: () => ms })
    ms /= 1_000

    await expect(verifier.verify(await issuer.token({ iss: issuer.issuer, exp }))).rejects.toThrow(
      refused,
    )
  })

  test('is the system clock by default', async () => {
    const verifier = createVerifier(base)
    const seconds = Date.now() / 1_000

    expect(await judge(verifier, { exp: seconds + 60 })).toBe('accepted')
    expect(await judge(verifier, { exp: seconds - 60 })).toBe(EXPIRED)
  })
})
