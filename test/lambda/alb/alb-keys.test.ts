/**
 * The keys of load balancers: how long they are kept, how many, and what `settled` and `close` do to a fetch.
 */
import { generateKeyPairSync } from 'node:crypto'
import type { Verifier } from 'jwt-gate'
import { type AlbVerifierOptions, alb } from 'jwt-gate/lambda'
import { createTestLoadBalancer } from 'jwt-gate/testing'
import { describe, expect, test } from 'vitest'
import { NOW, now } from '../setup.ts'

const loadBalancer = await createTestLoadBalancer({ now })
const { arn, clientId, issuer } = loadBalancer
const data = await loadBalancer.token()

type Options = Pick<AlbVerifierOptions, 'fetch' | 'now'>

function create(options: Options): Verifier<unknown> {
  return alb({ loadBalancerArn: arn, clientId, issuer }, { now, ...options })
}

/** A verifier that has fetched the key. */
async function createLoaded(options: Options = {}): Promise<Verifier<unknown>> {
  const verifier = create({ fetch: loadBalancer.fetch, ...options })
  await verifier.verify(data)
  return verifier
}

const NOT_LOADED = expect.objectContaining({ code: 'ERR_JWKS_NOT_LOADED' })

describe('a key that was fetched', () => {
  test('is fetched again if the clock went back since then', async () => {
    let time = NOW
    const verifier = await createLoaded({ now: () => time })

    time = NOW - 1

    expect(() => verifier.verifySync(data)).toThrow(NOT_LOADED)
  })

  test('is kept until a hundred others have been fetched', async () => {
    const other = await createTestLoadBalancer({ now })
    let time = NOW
    const verifier = create({ fetch: other.fetch, now: () => time })
    const tokens: string[] = []
    for (let made = 0; made < 101; made++) {
      // one request a second is allowed
      time += 1_000
      await other.rotateKey()
      tokens.push(await other.token())
      await verifier.verify(tokens[made] as string)
    }

    const [first, second] = tokens as [string, string]

    expect(() => verifier.verifySync(first)).toThrow(NOT_LOADED)
    expect(verifier.verifySync(second)).toBeDefined()
  })
})

describe('settled', () => {
  test('waits for a fetch', async () => {
    const order: string[] = []
    const responses: ((response: Response) => void)[] = []
    const verifier = create({
      fetch: () => new Promise<Response>((resolve) => void responses.push(resolve)),
    })
    const verified = verifier.verify(data)
    const settled = verifier.settled().then(() => order.push('settled'))

    await new Promise(setImmediate)
    order.push('fetched')
    responses[0]?.(new Response(loadBalancer.pem))
    await Promise.all([settled, verified])

    expect(order).toEqual(['fetched', 'settled'])
    expect(verifier.verifySync(data)).toBeDefined()
  })
})

describe('close', () => {
  test('cancels a fetch, which says so', async () => {
    const signals: AbortSignal[] = []
    const verifier = create({
      fetch: (_input, init) => {
        signals.push(init?.signal as AbortSignal)
        return new Promise(() => undefined)
      },
    })
    const verified = verifier.verify(data)

    verifier.close()

    await expect(verified).rejects.toMatchObject({
      code: 'ERR_JWKS_UNAVAILABLE',
      reason: 'closed',
    })
    expect(signals.map(({ aborted }) => aborted)).toEqual([true])
  })

  test('remembers no fetch that is over', async () => {
    const signals: AbortSignal[] = []
    const verifier = await createLoaded({
      fetch: (input, init) => {
        signals.push(init?.signal as AbortSignal)
        return loadBalancer.fetch(input)
      },
    })

    verifier.close()

    expect(signals.map(({ aborted }) => aborted)).toEqual([false])
  })

  test('does not prevent a new fetch of the same key, nor does the old one end it', async () => {
    const responses: ((response: Response) => void)[] = []
    const verifier = create({
      fetch: () => new Promise<Response>((resolve) => void responses.push(resolve)),
    })
    const old = verifier.verify(data).catch((error) => error.reason)
    verifier.close()
    const verified = Promise.all([verifier.verify(data), await old, verifier.verify(data)])

    responses[1]?.(new Response(loadBalancer.pem))

    expect(await old).toBe('closed')
    expect(await verified).toHaveLength(3)
    expect(responses).toHaveLength(2)
  })
})

describe('a fetch that fails', () => {
  const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 })
    .publicKey.export({ type: 'spki', format: 'pem' })
    .toString()
  const padded = `${loadBalancer.pem}${'\n'.repeat(9_000)}`

  test.each<[string, () => Promise<Response>, object]>([
    [
      'because of the network',
      () => Promise.reject(new TypeError('fetch failed')),
      { reason: 'network', cause: expect.any(TypeError) },
    ],
    [
      'with a status',
      async () => new Response('', { status: 503 }),
      { reason: 'status', cause: { status: 503 } },
    ],
    [
      'with a redirect',
      async () => new Response('', { status: 302, headers: { location: 'https://a.example' } }),
      { reason: 'redirect' },
    ],
    [
      'with a key of another type',
      async () => new Response(rsa),
      { code: 'ERR_JWKS_INVALID', reason: 'no_usable_key' },
    ],
    ['with a page', async () => new Response('<html>'), { reason: 'no_usable_key' }],
    ['with too many bytes', async () => new Response(padded), { reason: 'too_large' }],
  ])('%s says so, and leaves no timer', async (_title, fetch, expected) => {
    const verifier = create({ fetch })
    const timers = (): number =>
      process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length
    const before = timers()

    await expect(verifier.verify(data)).rejects.toMatchObject(expected)

    expect(timers()).toBe(before)
  })

  test('is no failure if another key of the same type is there', async () => {
    const other = await createTestLoadBalancer({ now })
    const verifier = create({ fetch: async () => new Response(other.pem) })

    await expect(verifier.verify(data)).rejects.toMatchObject({ code: 'ERR_TOKEN_SIGNATURE' })
  })
})
