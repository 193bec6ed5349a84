/**
 * Forged tokens of a load balancer: `x-amzn-oidc-data` is sent by whatever reaches the target. Each attack differs from a token
 * that is accepted in one property.
 */
import { createVerifier } from 'jwt-gate'
import { alb, verifyEvent } from 'jwt-gate/lambda'
import { createHandlerEvent, createTestIssuer, createTestLoadBalancer } from 'jwt-gate/testing'
import { describe, expect, test } from 'vitest'
import { ACCEPTED, claimsOf, MALFORMED, NOW, now, SIGNATURE, sayOf, trust } from './setup.ts'

const own = await createTestLoadBalancer({ now })
const OTHER_ARN = own.arn.replace('123456789012', '666666666666')
const { arn, clientId, issuer } = own
const trusted = { loadBalancerArn: arn, clientId, issuer }

/** The outcome for a fresh verifier, for one that has the key, and for `verifySync`: always the same. */
async function judge(token: string, by = own): Promise<string> {
  const warm = alb(trusted, { fetch: by.fetch, now, clockToleranceSeconds: 0 })
  const cold = await sayOf(() => warm.verify(token))
  await warm.verify(await by.token())
  expect(await sayOf(() => warm.verify(token))).toBe(cold)
  expect(await sayOf(() => warm.verifySync(token))).toBe(cold)
  return cold
}

test('the control is accepted', async () => {
  expect(await judge(await own.token())).toBe(ACCEPTED)
})

describe('the header', () => {
  test.each<[string, Readonly<Record<string, unknown>>, string]>([
    [
      'names a load balancer of an attacker',
      { signer: OTHER_ARN },
      'ERR_CLAIM_ISSUER signer mismatch',
    ],
    [
      'names a load balancer in another case',
      { signer: arn.toUpperCase() },
      'ERR_CLAIM_ISSUER signer mismatch',
    ],
    ['names two load balancers', { signer: [arn] }, 'ERR_CLAIM_ISSUER signer mismatch'],
    ['names no load balancer', { signer: undefined }, 'ERR_CLAIM_ISSUER signer missing'],
    [
      'names a member of every object',
      { signer: 'constructor' },
      'ERR_CLAIM_ISSUER signer mismatch',
    ],
    ['is for another client', { client: 'x' }, 'ERR_CLAIM_CLIENT_ID client mismatch'],
    ['is for a list of clients', { client: [clientId] }, 'ERR_CLAIM_CLIENT_ID client mismatch'],
    ['is for no client', { client: undefined }, 'ERR_CLAIM_CLIENT_ID client missing'],
    ['is of another issuer', { iss: 'https://evil.example' }, 'ERR_CLAIM_ISSUER iss mismatch'],
    ['is of no issuer', { iss: undefined }, 'ERR_CLAIM_ISSUER iss missing'],
    ['has expired', { exp: NOW }, 'ERR_TOKEN_EXPIRED exp'],
    ['does not expire', { exp: undefined }, 'ERR_CLAIM_MISSING exp missing'],
    ['expires at a text', { exp: String(NOW + 60) }, 'ERR_CLAIM_INVALID exp invalid'],
    ['has another algorithm', { alg: 'ES384' }, 'ERR_TOKEN_ALGORITHM alg'],
    ['has the algorithm RS256', { alg: 'RS256' }, 'ERR_TOKEN_ALGORITHM alg'],
    ['has the algorithm HS256', { alg: 'HS256' }, 'ERR_TOKEN_ALGORITHM alg'],
    ['has the algorithm none', { alg: 'none' }, 'ERR_TOKEN_ALGORITHM alg'],
    ['is of another type', { typ: 'dpop+jwt' }, 'ERR_TOKEN_TYPE typ'],
    ['has critical extensions', { crit: ['x'], x: 1 }, 'ERR_TOKEN_UNSUPPORTED crit'],
    ['has no key ID', { kid: undefined }, 'ERR_KEY_NOT_FOUND kid missing'],
    ['has a key ID that is no text', { kid: 7 }, 'ERR_TOKEN_MALFORMED kid invalid'],
  ])('%s', async (_title, header, outcome) => {
    expect(await judge(await own.token({}, { header }))).toBe(outcome)
  })
})

describe('the claims', () => {
  test.each<[string, Readonly<Record<string, unknown>>, string]>([
    ['are of another issuer', { iss: 'https://evil.example' }, 'ERR_CLAIM_ISSUER iss mismatch'],
    ['have expired', { exp: NOW }, 'ERR_TOKEN_EXPIRED exp'],
    ['are not valid yet', { nbf: NOW + 60 }, 'ERR_TOKEN_NOT_ACTIVE nbf'],
    ['have a subject that is no text', { sub: ['alice'] }, 'ERR_CLAIM_INVALID sub invalid'],
  ])('%s', async (_title, claims, outcome) => {
    expect(await judge(await own.token(claims))).toBe(outcome)
  })
})

describe('a key ID never leads anywhere else', () => {
  test.each([
    '../../../evil',
    '..%2f..%2fevil',
    `${own.kid}/../x`,
    `${own.kid}?x`,
    `${own.kid}#x`,
    `${own.kid}\n`,
    ` ${own.kid}`,
    own.kid.toUpperCase(),
    '@evil.example/',
    '//evil.example/',
    'https://evil.example/key',
    '',
    '0',
  ])('%j', async (kid) => {
    const verifier = alb(trusted, { fetch: own.fetch, now })
    const before = own.requests.length

    const outcome = await sayOf(async () =>
      verifier.verify(await own.token({}, { header: { kid } })),
    )

    expect(outcome).toBe('ERR_KEY_NOT_FOUND kid invalid')
    expect(own.requests).toHaveLength(before)
  })
})

test('another load balancer of AWS, whose key is at the same place, cannot speak for this one', async () => {
  const attacker = await createTestLoadBalancer({ now, arn: OTHER_ARN })

  // its own name, and ours, signed with its key, which the endpoint serves
  expect(
    await sayOf(async () =>
      alb(trusted, { fetch: attacker.fetch, now }).verify(await attacker.token()),
    ),
  ).toBe('ERR_CLAIM_ISSUER signer mismatch')
})

test('a changed text does not fit the signature', async () => {
  const [header, payload, signature] = (await own.token()).split('.') as [string, string, string]
  const [, otherPayload] = (await own.token({ sub: 'admin' })).split('.')

  expect(await judge(`${header}.${otherPayload}.${signature}`)).toBe(SIGNATURE)
  expect(await judge(`${header}.${payload}.${'A'.repeat(86)}==`)).toBe(SIGNATURE)
})

describe('a token has one spelling', () => {
  // 2, 1 and 0 characters of padding
  test.each([['a'], ['ab'], ['abc']])('whatever padding its claims need: %s', async (name) => {
    expect(await judge(await own.token({ name }))).toBe(ACCEPTED)
  })

  test.each<[string, (token: string) => string]>([
    ['without its padding', (token) => token.replaceAll('=', '')],
    ['without padding at its end', (token) => token.replace(/=+$/, '')],
    ['with more padding', (token) => `${token}=`],
    ['with four more', (token) => `${token}====`],
    ['with padding before the end', (token) => token.replace('.', '=.')],
    ['with a segment of padding', (token) => token.replace(/\.[^.]+$/, '.====')],
    ['with another last character', (token) => token.replace(/.==$/, 'B==')],
    [
      'in plain base64',
      (token) => token.replaceAll('-', '+').replaceAll('_', '/').replace(/^./, '+'),
    ],
    ['with a space', (token) => ` ${token}`],
    ['with a line break at its end', (token) => `${token}\n`],
    ['with a fourth segment', (token) => `${token}.AAAA`],
    ['with two segments', (token) => token.replace(/\.[^.]+$/, '')],
  ])('%s, it is rejected', async (_title, change) => {
    expect(await judge(change(await own.token({ name: 'ab' })))).toContain(MALFORMED)
  })

  test('a token that was signed without padding is rejected', async () => {
    expect(await judge(await own.token({}, { padding: false }))).toContain(MALFORMED)
  })
})

test('padding stays refused in the tokens of issuers', async () => {
  const other = await createTestIssuer({ now })
  const verifier = createVerifier(trust(other), { now })
  const token = await other.token(claimsOf(other))

  const padded = token.split('.').map((one) => one.padEnd(Math.ceil(one.length / 4) * 4, '='))

  expect(await sayOf(() => verifier.verify(token))).toBe(ACCEPTED)
  expect(padded.join('.')).not.toBe(token)
  expect(await sayOf(() => verifier.verify(padded.join('.')))).toContain(MALFORMED)
})

describe('made-up key IDs', () => {
  const madeUp = (at: number): string => `00000000-0000-4000-8000-${String(at).padStart(12, '0')}`

  test('cost ten requests at once, and then one a second', async () => {
    let time = NOW * 1_000
    const requests: string[] = []
    const fetch: typeof globalThis.fetch = async (url) => {
      requests.push(String(url))
      return new Response('', { status: 404 })
    }
    const verifier = alb(trusted, { fetch, now: () => time })
    const flood = async (from: number): Promise<Set<string>> => {
      const tokens = Array.from({ length: 50 }, (_, at) =>
        own.token({}, { header: { kid: madeUp(from + at), exp: NOW + 600 } }),
      )
      const outcomes = (await Promise.all(tokens)).map((one) => sayOf(() => verifier.verify(one)))
      return new Set(await Promise.all(outcomes))
    }

    const outcomes = await flood(0)
    expect(requests).toHaveLength(10)
    time += 3_000
    await flood(100)

    expect(requests).toHaveLength(13)
    // no response says that a key does not exist if it was not looked up
    expect([...outcomes].sort()).toEqual(['ERR_JWKS_UNAVAILABLE limited', 'ERR_KEY_NOT_FOUND kid'])
  })

  test('do not keep a key that is two hours old from being fetched again', async () => {
    let time = NOW * 1_000
    const verifier = alb(trusted, { fetch: own.fetch, now: () => time })
    const exp = NOW + 8_000
    await verifier.verify(await own.token({ exp }, { header: { exp } }))
    time += 7_200_000
    for (let at = 0; at < 50; at++) {
      const forged = await own.token({}, { header: { kid: madeUp(at), exp } })
      await sayOf(() => verifier.verify(forged))
    }

    const good = await own.token({ exp }, { header: { exp } })
    expect(await sayOf(() => verifier.verify(good))).toBe(ACCEPTED)
  })

  test('do not displace the key that is in use', async () => {
    let time = NOW * 1_000
    const verifier = alb(trusted, { fetch: own.fetch, now: () => time })
    const good = await own.token({}, { header: { exp: NOW + 6_000 } })
    await verifier.verify(good)
    for (let at = 0; at < 300; at++) {
      time += 1_000
      const token = await own.token({}, { header: { kid: madeUp(at), exp: NOW + 6_000 } })
      await sayOf(() => verifier.verify(token))
    }
    own.fail(true)

    const outcome = await sayOf(async () =>
      verifier.verify(await own.token({ exp: NOW + 6_000 }, { header: { exp: NOW + 6_000 } })),
    )

    own.fail(false)
    expect(outcome).toBe(ACCEPTED)
  })
})

describe('in an event', () => {
  const user = alb(trusted, { fetch: own.fetch, now })

  test('two of the header are rejected', async () => {
    const headers = { 'x-amzn-oidc-data': [await own.token(), await own.token({ sub: 'admin' })] }

    expect(
      await sayOf(() => verifyEvent(user, createHandlerEvent('alb-multi-value', { headers }))),
    ).toBe('ERR_TOKEN_REQUEST repeated')
  })

  test('the other headers of the load balancer prove nothing', async () => {
    const headers = { 'x-amzn-oidc-identity': 'admin', 'x-amzn-oidc-accesstoken': 'x' }

    expect(await sayOf(() => verifyEvent(user, createHandlerEvent('alb', { headers })))).toBe(
      'ERR_TOKEN_MISSING',
    )
  })
})
