/**
 * `alb`: the tokens of a load balancer, in events and in Express.
 */
import { AccessError, TokenError, type VerifiedToken, type Verifier } from 'jwt-gate'
import { verifyRequest } from 'jwt-gate/express'
import { type AlbOptions, alb, errorResult, verifyEvent } from 'jwt-gate/lambda'
import { createHandlerEvent, createTestLoadBalancer } from 'jwt-gate/testing'
import { describe, expect, expectTypeOf, test, vi } from 'vitest'
import { z } from 'zod'
import { NOW, now } from '../setup.ts'

const loadBalancer = await createTestLoadBalancer({ now })
const { arn, clientId, issuer, fetch } = loadBalancer
const TRUSTED: AlbOptions = { loadBalancerArn: arn, clientId, issuer }
const user = alb(TRUSTED, { fetch, now })
const data = await loadBalancer.token()

async function outcomeOf(verifier: Verifier<unknown>, token: string): Promise<string> {
  try {
    await verifier.verify(token)
    return 'accepted'
  } catch (error) {
    return (error as { code: string }).code
  }
}

test.each(['alb', 'alb-multi-value', 'http-2.0'] as const)(
  'the header in an event of the kind %s is verified',
  async (gateway) => {
    const event = createHandlerEvent(gateway, { headers: { 'x-amzn-oidc-data': data } })

    const verified = await verifyEvent(user, event)

    expect(verified).toMatchObject({
      issuer,
      header: { alg: 'ES256', signer: arn },
      claims: { sub: expect.any(String), email: 'alice@example.com', iss: issuer },
    })
    expect(Object.isFrozen(verified.claims)).toBe(true)
  },
)

test('the token of a load balancer has padding, and one of an issuer never', () => {
  expect(data).toMatch(/=$/)
})

test('an event without the header is answered with 401, in the shape for load balancers', async () => {
  const event = createHandlerEvent('alb', { token: data })

  const error = await verifyEvent(user, event).catch((one) => one)

  expect(errorResult(error)).toMatchObject({
    statusCode: 401,
    statusDescription: '401 Unauthorized',
  })
})

test('another place of the token can be given', async () => {
  const event = createHandlerEvent('alb', {
    query: { t: 'a' },
    headers: { 'x-amzn-oidc-data': data },
  })

  await expect(verifyEvent(user, event, { token: { query: 't' } })).rejects.toMatchObject({
    code: 'ERR_TOKEN_MALFORMED',
  })
})

test('a server behind the load balancer gives the header to verifyRequest', async () => {
  const req = { headers: { [user.tokenHeader]: data } }

  const { claims } = await verifyRequest(user, req, {
    getToken: ({ headers }) => headers[user.tokenHeader],
  })

  expect(claims.username).toBe('alice')
})

test('access rules see the claims', async () => {
  const event = createHandlerEvent('alb', { headers: { 'x-amzn-oidc-data': data } })

  await expect(
    verifyEvent(user, event, { access: { claims: { email: 'bob@example.com' } } }),
  ).rejects.toBeInstanceOf(AccessError)
})

test('iss and exp of the header stand for those that the claims lack', async () => {
  const token = await loadBalancer.token({ iss: undefined, exp: undefined })

  const { claims } = await user.verify(token)

  expect(claims).toMatchObject({ iss: issuer, exp: NOW / 1_000 - ((NOW / 1_000) % 1) + 120 })
})

describe('the key', () => {
  test('is fetched once for all tokens, at the address of the region', async () => {
    const other = await createTestLoadBalancer({ now })
    const verifier = alb(TRUSTED, { fetch: other.fetch, now })

    await Promise.all([verifier.verify(await other.token()), verifier.verify(await other.token())])
    await verifier.verify(await other.token())

    expect(other.requests).toEqual([
      `https://public-keys.auth.elb.eu-west-1.amazonaws.com/${other.kid}`,
    ])
  })

  test.each([
    ['aws', 'us-east-1', 'https://public-keys.auth.elb.us-east-1.amazonaws.com/'],
    ['aws', 'eu-west-12', 'https://public-keys.auth.elb.eu-west-12.amazonaws.com/'],
    ['aws', 'ap-southeast-2', 'https://public-keys.auth.elb.ap-southeast-2.amazonaws.com/'],
    ['aws-cn', 'cn-north-1', 'https://public-keys.auth.elb.cn-north-1.amazonaws.com.cn/'],
    [
      'aws-us-gov',
      'us-gov-west-1',
      'https://s3-us-gov-west-1.amazonaws.com/aws-elb-public-keys-prod-us-gov-west-1/',
    ],
    [
      'aws-us-gov',
      'us-gov-east-1',
      'https://s3-us-gov-east-1.amazonaws.com/aws-elb-public-keys-prod-us-gov-east-1/',
    ],
  ])('in %s, %s, is at the address that AWS documents', async (partition, region, address) => {
    const there = arn.replace('arn:aws:', `arn:${partition}:`).replace('eu-west-1', region)
    const other = await createTestLoadBalancer({ now, arn: there })
    const verifier = alb({ ...TRUSTED, loadBalancerArn: [arn, there] }, { fetch: other.fetch, now })

    expect(await outcomeOf(verifier, await other.token())).toBe('accepted')
    expect(other.requests).toEqual([address + other.kid])
  })

  test('is at an address of your own in other partitions', async () => {
    const there = arn.replace('arn:aws:', 'arn:aws-eusc:').replace('eu-west-1', 'eusc-de-east-1')
    const other = await createTestLoadBalancer({ now, arn: there })
    const trusted = { ...TRUSTED, loadBalancerArn: there }
    const publicKeysUrl = 'https://keys.example.com/alb'

    const verifier = alb({ ...trusted, publicKeysUrl }, { fetch: other.fetch, now })
    const withSlash = { ...trusted, publicKeysUrl: `${publicKeysUrl}/` }
    const same = alb(withSlash, { fetch: other.fetch, now })

    expect(() => alb(trusted)).toThrow('"publicKeysUrl"')
    expect(await outcomeOf(verifier, await other.token())).toBe('accepted')
    expect(await outcomeOf(same, await other.token())).toBe('accepted')
    expect(other.requests).toEqual(Array(2).fill(`${publicKeysUrl}/${other.kid}`))
  })

  test('after a rotation is found at once', async () => {
    const other = await createTestLoadBalancer({ now })
    const verifier = alb(TRUSTED, { fetch: other.fetch, now })
    await verifier.verify(await other.token())
    await other.rotateKey()

    expect(await outcomeOf(verifier, await other.token())).toBe('accepted')
  })

  test('is used during an outage, for two hours', async () => {
    const other = await createTestLoadBalancer({ now })
    let time = NOW
    const verifier = alb(TRUSTED, { fetch: other.fetch, now: () => time })
    await verifier.verify(await other.token())
    other.fail(true)
    const at = async (ms: number): Promise<string> => {
      time = NOW + ms
      const exp = Math.floor(time / 1_000) + 60
      return outcomeOf(verifier, await other.token({ exp }, { header: { exp } }))
    }

    expect(await at(7_199_000)).toBe('accepted')
    expect(await at(7_200_000)).toBe('ERR_JWKS_UNAVAILABLE')
    other.fail(false)
    expect(await at(7_300_000)).toBe('accepted')
  })

  test.each<[string, () => Response, string]>([
    ['that is unknown there', () => new Response('', { status: 404 }), 'ERR_KEY_NOT_FOUND'],
    ['behind an error', () => new Response('', { status: 500 }), 'ERR_JWKS_UNAVAILABLE'],
    ['behind a proxy', () => new Response('', { status: 403 }), 'ERR_JWKS_UNAVAILABLE'],
    [
      'behind a redirect',
      () => new Response('', { status: 302, headers: { location: 'https://x.example' } }),
      'ERR_JWKS_UNAVAILABLE',
    ],
    ['that is a page', () => new Response('<html>'), 'ERR_JWKS_INVALID'],
    ['that is too large', () => new Response('A'.repeat(9_000)), 'ERR_JWKS_INVALID'],
  ])('%s is reported as what it is', async (_title, answer, code) => {
    const verifier = alb(TRUSTED, { fetch: async () => answer(), now })

    expect(await outcomeOf(verifier, data)).toBe(code)
  })

  test('that is late is given up', async () => {
    const verifier = alb(TRUSTED, {
      fetch: () => new Promise(() => undefined),
      jwks: { timeoutMs: 5 },
      now,
    })

    await expect(verifier.verify(data)).rejects.toMatchObject({
      code: 'ERR_JWKS_UNAVAILABLE',
      reason: 'timeout',
    })
    await verifier.settled()
  })
})

describe('verifySync', () => {
  test('verifies with a key that was fetched', async () => {
    const verifier = alb(TRUSTED, { fetch, now })

    expect(() => verifier.verifySync(data)).toThrow(
      expect.objectContaining({ code: 'ERR_JWKS_NOT_LOADED' }),
    )
    await verifier.hydrate()
    const verified = await verifier.verify(data)

    expect(verifier.verifySync(data)).toEqual(verified)
    verifier.close()
    expect(() => verifier.verifySync(data)).toThrow(
      expect.objectContaining({ code: 'ERR_JWKS_NOT_LOADED' }),
    )
  })

  test('cannot wait for an asynchronous check', async () => {
    const verifier = alb(TRUSTED, { fetch, now, check: async () => undefined })
    await verifier.verify(data)

    expect(() => verifier.verifySync(data)).toThrow('"check"')
  })
})

describe('a claims schema', () => {
  const WithTeam = z.object({ sub: z.string(), team: z.string(), joined: z.coerce.date() })
  const joined = '2026-01-02T00:00:00.000Z'

  test('checks and types the claims, on every call', async () => {
    const verifier = alb({ ...TRUSTED, claims: WithTeam }, { fetch, now })
    const token = await loadBalancer.token({ team: 'red', joined })

    const { claims } = await verifier.verify(token)

    expectTypeOf(claims).toEqualTypeOf<{ sub: string; team: string; joined: Date }>()
    expect(claims).toEqual({ sub: claims.sub, team: 'red', joined: new Date(joined) })
    expect(Object.isFrozen(claims)).toBe(true)
    expect(verifier.verifySync(token).claims).toEqual(claims)
    await expect(verifier.verify(data)).rejects.toMatchObject({
      code: 'ERR_TOKEN_CHECK',
      reason: 'schema',
      claim: 'team',
    })
  })

  test('types what verifyEvent, check and an access rule get, which still read all claims', async () => {
    const check = vi.fn(({ claims }: VerifiedToken<z.infer<typeof WithTeam>>) => {
      if (claims.team !== 'red') throw new TokenError('ERR_TOKEN_CHECK')
    })
    const verifier = alb({ ...TRUSTED, claims: WithTeam }, { fetch, now, check })
    const token = await loadBalancer.token({ team: 'red', joined })
    const event = createHandlerEvent('alb', { headers: { 'x-amzn-oidc-data': token } })

    const { claims } = await verifyEvent(verifier, event, {
      access: {
        claims: { email: 'alice@example.com' },
        check: (verified) => verified.claims.joined.getTime() > 0,
      },
    })

    expectTypeOf(claims.joined).toEqualTypeOf<Date>()
    expect(check).toHaveBeenCalledOnce()
  })

  test('is not asked about a token that is not genuine', async () => {
    const validate = vi.fn((value: unknown) => ({ value }))
    const claims = { '~standard': { version: 1, vendor: 'test', validate } } as const
    const verifier = alb({ ...TRUSTED, claims }, { fetch, now })

    expect(await outcomeOf(verifier, data.replace(/.{8}==$/, 'AAAAAAAA=='))).not.toBe('accepted')
    expect(await outcomeOf(verifier, await loadBalancer.token({ exp: 1 }))).toBe(
      'ERR_TOKEN_EXPIRED',
    )
    expect(validate).not.toHaveBeenCalled()
  })

  test('may be asynchronous, which verifySync cannot wait for', async () => {
    const claims = WithTeam.refine(async ({ team }) => team === 'red')
    const verifier = alb({ ...TRUSTED, claims }, { fetch, now })
    const token = await loadBalancer.token({ team: 'red', joined })

    expect(await outcomeOf(verifier, token)).toBe('accepted')
    expect(await outcomeOf(verifier, await loadBalancer.token({ team: 'blue', joined }))).toBe(
      'ERR_TOKEN_CHECK',
    )
    expect(() => verifier.verifySync(token)).toThrow('"claims" is asynchronous')
  })
})

test('null as clientId accepts every client', async () => {
  const verifier = alb({ ...TRUSTED, clientId: null }, { fetch, now })

  const token = await loadBalancer.token({}, { header: { client: 'another' } })

  expect(await outcomeOf(verifier, token)).toBe('accepted')
})

test.each<[object, object]>([
  [{ client: 'another' }, { claim: 'client', expected: { clientId: [clientId] } }],
  [{ iss: 'https://another.example' }, { claim: 'iss', expected: { issuers: [issuer] } }],
  [{ kid: undefined }, { claim: 'kid', reason: 'missing' }],
])('a token with %j in its header is rejected with what was expected', async (header, expected) => {
  const token = await loadBalancer.token({}, { header: header as never })

  await expect(user.verify(token)).rejects.toMatchObject(expected)
})

test('check runs on every call, and can reject', async () => {
  const verifier = alb(TRUSTED, { fetch, now, check: () => false as never })

  expect(await outcomeOf(verifier, data)).toBe('ERR_TOKEN_CHECK')
})

test('close cancels a fetch in flight', async () => {
  const verifier = alb(TRUSTED, { fetch: () => new Promise(() => undefined), now })
  const outcome = outcomeOf(verifier, data)

  verifier.close()

  expect(await outcome).toBe('ERR_JWKS_UNAVAILABLE')
})

describe('an option that is wrong is named', () => {
  test.each<[string, object, object?]>([
    ['"loadBalancerArn"', { loadBalancerArn: undefined }],
    ['"loadBalancerArn"', { loadBalancerArn: [] }],
    ['"loadBalancerArn"', { loadBalancerArn: arn.replace('/app/', '/net/') }],
    ['"loadBalancerArn"', { loadBalancerArn: `${arn}\n` }],
    ['"loadBalancerArn"', { loadBalancerArn: `x${arn}` }],
    ['"loadBalancerArn"', { loadBalancerArn: arn.replace('eu-west-1', 'evil.example/') }],
    ['users of another app behind the load balancer', { clientId: undefined }],
    ['"clientId"', { clientId: [] }],
    ['"issuer"', { issuer: undefined }],
    ['"issuer" contains a placeholder', { issuer: 'https://{domain}/' }],
    [
      'such as https://login.example.com/a',
      { issuer: 'https://login.example.com/a/.well-known/openid-configuration' },
    ],
    ['"publicKeysUrl"', { publicKeysUrl: 7 }],
    ['"publicKeysUrl"', { publicKeysUrl: 'http://keys.example.com' }],
    ['"publicKeysUrl"', { publicKeysUrl: 'https://keys.example.com/?a' }],
    ['"publicKeysUrl"', { publicKeysUrl: 'https://keys.example.com/#' }],
    ['"audience" is not an option of the first argument of alb()', { audience: 'a' }],
    ['"claims"', { claims: { team: 'red' } }],
    ['"tokenCache" is not an option of alb()', {}, { tokenCache: { max: 1 } }],
    ['"clockToleranceSeconds"', {}, { clockToleranceSeconds: 601 }],
  ])('%s', (name, change, options) => {
    expect(() => alb({ ...TRUSTED, ...change } as AlbOptions, options as never)).toThrow(name)
  })
})
