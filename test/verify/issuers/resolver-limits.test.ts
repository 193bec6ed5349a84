/**
 * The limits of a function that finds issuers: how many calls may be pending, what a failure of the function means for other
 * issuers, and what ends these limits.
 */
import { KeysError, type ResolvedIssuer, type VerifierEvent } from 'jwt-gate'
import { createTestIssuer } from 'jwt-gate/testing'
import { describe, expect, test } from 'vitest'
import { setUp, tenant } from '../support/resolver.ts'

const acme = await createTestIssuer()
const SECOND = 1_000
const exp = Math.floor(Date.now() / SECOND) + 600
const tokenOf = (iss: string): Promise<string> => acme.token({ iss, exp })
const nameOf = (at: number): string => `https://made-up-${at}.example`
const accept = (issuer: string): ResolvedIssuer => tenant(acme, { issuer })

describe('calls of the function that are pending', () => {
  /** A function whose calls the test ends, and a way to send a token that shows what became of it. */
  function setUpByHand(maxIssuers: number) {
    const pending = new Map<string, (found: ResolvedIssuer) => void>()
    const world = setUp((issuer) => new Promise((resolve) => void pending.set(issuer, resolve)), {
      maxIssuers,
    })
    /** Sends a token. In an object, so that nobody waits for the outcome by mistake. */
    const send = async (issuer: string): Promise<{ readonly outcome: Promise<string> }> => {
      const verified = world.verifier.verify(await tokenOf(issuer))
      const outcome = verified.then(
        () => 'accepted',
        ({ code, reason }) => [code, reason].filter(Boolean).join(' '),
      )
      return { outcome }
    }
    const answer = (issuer: string): void => {
      pending.get(issuer)?.(accept(issuer))
      pending.delete(issuer)
    }
    return { ...world, send, answer, pending }
  }
  const LIMITED = 'ERR_JWKS_UNAVAILABLE limited'

  test('are limited, and leave their places when they end', async () => {
    const { send, answer } = setUpByHand(2)
    const first = await send(nameOf(1))
    const second = await send(nameOf(2))
    expect(await (await send(nameOf(3))).outcome).toBe(LIMITED)

    answer(nameOf(1))
    expect(await first.outcome).toBe('accepted')
    const third = await send(nameOf(3))

    expect(await (await send(nameOf(4))).outcome).toBe(LIMITED)
    for (const at of [2, 3]) answer(nameOf(at))
    expect([await second.outcome, await third.outcome]).toEqual(['accepted', 'accepted'])
  })

  test('take no place for an issuer with a verified token, neither when they begin nor when they end', async () => {
    const { send, answer, clock, pending } = setUpByHand(2)
    const known = await send(acme.issuer)
    answer(acme.issuer)
    expect(await known.outcome).toBe('accepted')
    clock.advance(60 * SECOND)
    const renewed = await send(acme.issuer)
    const others = [await send(nameOf(1)), await send(nameOf(2))]
    expect([...pending.keys()]).toEqual([acme.issuer, nameOf(1), nameOf(2)])

    answer(acme.issuer)
    expect(await renewed.outcome).toBe('accepted')

    expect(await (await send(nameOf(3))).outcome).toBe(LIMITED)
    for (const at of [1, 2]) answer(nameOf(at))
    expect(await Promise.all(others.map((one) => one.outcome))).toEqual(['accepted', 'accepted'])
  })
})

describe('a function that fails', () => {
  const failFor = (count: number, failure: () => ResolvedIssuer) => {
    const names = Array.from({ length: count }, (_, at) => nameOf(at))
    return setUp((issuer) => (names.includes(issuer) ? failure() : accept(issuer)))
  }
  const sendAll = async (world: ReturnType<typeof setUp>, count: number): Promise<void> => {
    for (let at = 0; at < count; at++) {
      await world.verifier.verify(await tokenOf(nameOf(at))).catch(() => undefined)
    }
  }

  test.each<[string, () => ResolvedIssuer]>([
    [
      'with an error of its own',
      () => {
        throw new Error('database')
      },
    ],
    [
      'with an outage',
      () => {
        throw new KeysError('ERR_JWKS_UNAVAILABLE')
      },
    ],
  ])('%s for ten issuers is not called for an eleventh one', async (_title, failure) => {
    const world = failFor(10, failure)

    await sendAll(world, 10)

    await expect(world.verifier.verify(await tokenOf(nameOf(10)))).rejects.toMatchObject({
      code: 'ERR_JWKS_UNAVAILABLE',
    })
    expect(world.asked).toHaveLength(10)
  })

  test('with an invalid option for ten issuers is called for an eleventh one', async () => {
    const world = failFor(10, () => ({ issuer: nameOf(0), audience: 7 as never }))

    await sendAll(world, 10)

    await expect(world.verifier.verify(await tokenOf(nameOf(10)))).resolves.toBeDefined()
  })

  test('is called again at once after close', async () => {
    const world = failFor(10, () => {
      throw new Error('database')
    })
    await sendAll(world, 10)

    world.verifier.close()
    await sendAll(world, 1)

    expect(world.asked).toHaveLength(11)
  })

  test('and then finds an issuer starts to count anew', async () => {
    const world = failFor(9, () => {
      throw new Error('database')
    })
    await sendAll(world, 9)
    await world.verifier.verify(await tokenOf(acme.issuer))

    world.clock.advance(3 * SECOND)
    await sendAll(world, 9)

    expect(world.asked).toHaveLength(19)
  })

  test('waits no longer after a failure that follows a success', async () => {
    let isDown = true
    const { verifier, asked, clock } = setUp((issuer) => {
      if (isDown) throw new Error('database')
      return accept(issuer)
    })
    const token = await tokenOf(acme.issuer)
    const send = (): Promise<unknown> => verifier.verify(token).catch(() => undefined)
    for (const ms of [0, 2_000, 4_000, 8_000]) {
      clock.advance(ms)
      await send()
    }
    isDown = false
    clock.advance(16_000)
    await send()
    isDown = true
    clock.advance(60_000)
    await send()
    const before = asked.length

    // a result that is still used is renewed after ten seconds, if the pause is over
    clock.advance(10_000)
    await send()

    expect([before, asked.length]).toEqual([6, 7])
  })

  test('after close, with an error of its own, is an outage for those who still wait', async () => {
    let fail = (_error: Error): void => {}
    const events: VerifierEvent[] = []
    const { verifier, asked } = setUp(
      () =>
        new Promise((_, reject) => {
          fail = reject
        }),
      { onEvent: (event) => events.push(event) },
    )
    const token = await tokenOf(acme.issuer)
    const verified = verifier.verify(token)

    verifier.close()
    fail(new Error('database'))

    await expect(verified).rejects.toMatchObject({
      code: 'ERR_JWKS_UNAVAILABLE',
      cause: new Error('database'),
    })
    // and nobody else notices
    void verifier.verify(token).catch(() => undefined)
    expect(asked).toHaveLength(2)
    expect(events).toEqual([])
    fail(new Error('database'))
  })

  test('for thirty issuers at once is called again after two seconds, not after thirty', async () => {
    const { verifier, asked, clock } = setUp(() => Promise.reject(new Error('database')))
    const tokens = await Promise.all(Array.from({ length: 31 }, (_, at) => tokenOf(nameOf(at))))
    const send = (token: string): Promise<unknown> => verifier.verify(token).catch(() => undefined)
    await Promise.all(tokens.slice(0, 30).map(send))

    clock.advance(2 * SECOND)
    await send(tokens[30] as string)

    expect(asked).toHaveLength(31)
  })
})

describe('events about the function', () => {
  function setUpEvents(resolve: (issuer: string) => ResolvedIssuer) {
    const events: VerifierEvent[] = []
    const world = setUp(resolve, { onEvent: (event) => events.push(event) })
    const send = async (issuer: string): Promise<void> => {
      await world.verifier.verify(await tokenOf(issuer)).catch(() => undefined)
    }
    return { ...world, events, send }
  }

  test('are sent again if the clock went back', async () => {
    const { events, send, clock } = setUpEvents(() => tenant(acme))
    await send(nameOf(1))

    clock.advance(-1)
    await send(nameOf(2))

    expect(events).toHaveLength(2)
  })

  test('about an invalid option and about an outage are counted apart, whatever the error is', async () => {
    const { events, send, clock } = setUpEvents((issuer) => {
      if (issuer === nameOf(2)) throw new KeysError('ERR_JWKS_UNAVAILABLE')
      // as the clients of many databases throw it
      if (issuer === nameOf(4)) throw Object.assign(new TypeError('database'), { status: 500 })
      return { issuer, audience: 7 as never }
    })

    for (const at of [1, 2, 3]) await send(nameOf(at))
    clock.advance(10 * SECOND)
    for (const at of [5, 4, 6]) await send(nameOf(at))

    expect(events.map((event) => 'error' in event && (event.error as Error).name)).toEqual([
      ...['ConfigError', 'KeysError'],
      ...['ConfigError', 'TypeError'],
    ])
  })
})

test.each([
  ['missing', undefined],
  ['mismatch', acme.issuer],
])('an issuer that is unknown to the function is %s: %j', async (reason, iss) => {
  const { verifier } = setUp(() => undefined)

  await expect(verifier.verify(await acme.token({ iss, exp }))).rejects.toMatchObject({
    code: 'ERR_CLAIM_ISSUER',
    claim: 'iss',
    reason,
  })
})

test('given keys do not make an unacceptable address acceptable', async () => {
  const { verifier } = setUp(() => tenant(acme, { jwksUri: 'http://keys.example/' }))

  await expect(verifier.verify(await tokenOf(acme.issuer))).rejects.toMatchObject({
    code: 'ERR_CLAIM_ISSUER',
  })
})
