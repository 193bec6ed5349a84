/**
 * Step 7: the user's check, and how verifySync handles checks and schemas that are asynchronous.
 */
import { AccessError, createVerifier, KeysError, TokenError, type VerifierOptions } from 'jwt-gate'
import { createTestIssuer } from 'jwt-gate/testing'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { remember } from '../support/remember.ts'

const issuer = await createTestIssuer()
const base = { issuer: issuer.issuer, audience: null, jwks: issuer.jwks }
const REFUSED = { name: 'TokenError', code: 'ERR_TOKEN_CHECK', status: 401 }
const FAILED = { name: 'ConfigError', code: 'ERR_CONFIG_INVALID', status: 500, expose: false }
const token = await issuer.accessToken()

type Check = NonNullable<VerifierOptions['check']>
const createWith = (check: () => unknown, options: VerifierOptions = {}) =>
  createVerifier(base, { ...options, check: check as Check })
const throwing = (error: unknown) => () => {
  throw error
}
/** A minimal thenable: its `then` returns nothing. */
const thenable = (
  settle: (resolve: (value: unknown) => void, reject: (e: unknown) => void) => void,
) => ({
  // biome-ignore lint/suspicious/noThenProperty: the thing under test
  then: settle,
})

describe('the result of check', () => {
  test.each([undefined, null, true, 0, '', {}])(
    'accepts the token if it is %j, synchronous or asynchronous',
    async (answer) => {
      await expect(createWith(() => answer).verify(token)).resolves.toBeDefined()
      await expect(createWith(async () => answer).verify(token)).resolves.toBeDefined()
      expect(createWith(() => answer).verifySync(token)).toBeDefined()
    },
  )

  test('rejects the token if it is false, synchronous or asynchronous', async () => {
    await expect(createWith(() => false).verify(token)).rejects.toMatchObject(REFUSED)
    await expect(createWith(async () => false).verify(token)).rejects.toMatchObject(REFUSED)
    expect(() => createWith(() => false).verifySync(token)).toThrow(
      expect.objectContaining(REFUSED),
    )
  })

  test.each([new Error('not today'), 'text', undefined, null])(
    'is a failure of the service, and no verdict on the token, if check throws %s',
    async (cause) => {
      const refused = cause === undefined ? FAILED : { ...FAILED, cause }

      await expect(createWith(throwing(cause)).verify(token)).rejects.toMatchObject(refused)
      await expect(createWith(async () => throwing(cause)()).verify(token)).rejects.toMatchObject(
        refused,
      )
      expect(() => createWith(throwing(cause)).verifySync(token)).toThrow(
        expect.objectContaining(refused),
      )
    },
  )

  test.each([
    new AccessError('ERR_ACCESS_DENIED'),
    new TokenError('ERR_CLAIM_INVALID', { claim: 'tenant' }),
    new KeysError('ERR_JWKS_UNAVAILABLE'),
  ])('passes on an error of this library: %s', async (error) => {
    await expect(createWith(throwing(error)).verify(token)).rejects.toBe(error)
    await expect(createWith(async () => throwing(error)()).verify(token)).rejects.toBe(error)
  })

  test('is awaited if it is a thenable, whatever its then returns', async () => {
    const refusing = createWith(() => thenable((_, reject) => reject(new Error('no'))))
    const saying = createWith(() => thenable((resolve) => setImmediate(resolve, false)))
    const passing = createWith(() => thenable((resolve) => setImmediate(resolve)))

    await expect(refusing.verify(token)).rejects.toMatchObject(FAILED)
    await expect(saying.verify(token)).rejects.toMatchObject(REFUSED)
    await expect(passing.verify(token)).resolves.toBeDefined()
  })
})

describe('check', () => {
  test.each([
    ['with a cache', {}],
    ['without a cache', { tokenCache: false as const }],
  ])('runs on every call, %s', async (_, options) => {
    const check = vi.fn()
    const verifier = createVerifier(base, { ...options, check })

    const first = await verifier.verify(token)
    await verifier.verify(token)
    verifier.verifySync(token)

    expect(check).toHaveBeenCalledTimes(3)
    expect(check).toHaveBeenLastCalledWith(first)
  })

  test('may reject a token that it accepted before, and the reverse', async () => {
    let isOpen = true
    const verifier = createWith(() => isOpen)

    await expect(verifier.verify(token)).resolves.toBeDefined()
    isOpen = false
    await expect(verifier.verify(token)).rejects.toMatchObject(REFUSED)
    expect(() => verifier.verifySync(token)).toThrow(expect.objectContaining(REFUSED))
    isOpen = true
    await expect(verifier.verify(token)).resolves.toBeDefined()
  })

  test('is not called for a token that is rejected anyway', async () => {
    const check = vi.fn()
    const verifier = createVerifier(base, { check })

    await expect(verifier.verify(await issuer.accessToken({ exp: 1 }))).rejects.toThrow()
    await expect(verifier.verify(`${token}x`)).rejects.toThrow()

    expect(check).not.toHaveBeenCalled()
  })
})

describe('verifySync', () => {
  const unhandled = vi.fn()
  beforeEach(() => {
    unhandled.mockClear()
    process.on('unhandledRejection', unhandled)
  })
  afterEach(() => {
    process.off('unhandledRejection', unhandled)
  })
  /** Unhandled rejections are raised after the microtasks. */
  const nextTurn = () => new Promise((resolve) => setImmediate(resolve))

  const reject = async () => {
    throw new Error('too late')
  }
  const CONFIG = (option: string) =>
    expect.objectContaining({
      code: 'ERR_CONFIG_INVALID',
      message: expect.stringContaining(`"${option}"`),
    })

  test.each([
    ['resolves', async () => undefined],
    ['resolves with false', async () => false],
    ['rejects', reject],
    ['is a thenable that rejects', () => thenable((_, no) => no(new Error('no')))],
  ])(
    'throws a ConfigError for a check that %s asynchronously, and leaves no unhandled rejection',
    async (_, check) => {
      const verifier = createWith(check)

      expect(() => verifier.verifySync(token)).toThrow(CONFIG('check'))
      await verifier.verify(token).catch(() => undefined)
      expect(() => verifier.verifySync(token)).toThrow(CONFIG('check'))

      await nextTurn()
      expect(unhandled).not.toHaveBeenCalled()
    },
  )

  test('throws a ConfigError for an asynchronous schema, and leaves no unhandled rejection', async () => {
    const standard = { version: 1 as const, vendor: 'test', validate: reject }
    const verifier = createVerifier({ ...base, claims: { '~standard': standard } })

    expect(() => verifier.verifySync(token)).toThrow(CONFIG('claims'))

    await nextTurn()
    expect(unhandled).not.toHaveBeenCalled()
  })

  test('throws a ConfigError even for a token that verify has cached', async () => {
    const standard = {
      version: 1 as const,
      vendor: 'test',
      validate: async (value: unknown) => ({ value }),
    }
    const verifier = createVerifier({ ...base, claims: { '~standard': standard } })
    await remember(verifier, token)

    expect(() => verifier.verifySync(token)).toThrow(CONFIG('claims'))
    await expect(verifier.verify(token)).resolves.toBeDefined()
  })
})
