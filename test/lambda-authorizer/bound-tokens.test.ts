/**
 * Bound tokens behind API Gateway: where the proof, the URL and the certificate come from, and that no result is kept.
 */
import { createVerifier, type DpopOptions, type JwtClaims, type Verifier } from 'jwt-gate'
import { type AuthorizerOptions, createAuthorizer } from 'jwt-gate/lambda-authorizer'
import { createAuthorizerEvent } from 'jwt-gate/testing'
import { describe, expect, test } from 'vitest'
import { createCertificate, HAS_OPENSSL } from '../support/certificates.ts'
import { createBound, SECRET } from '../verify/support/bound.ts'
import { unusedVerifier } from './setup.ts'

const DOMAIN = 'a1b2c3d4e5.execute-api.eu-west-1.amazonaws.com'
const ARN = 'arn:aws:execute-api:eu-west-1:123456789012:a1b2c3d4e5'

/** Each kind of API with headers, its URL for `/orders`, and the policy for this request alone. */
const KINDS = [
  ['rest-request', `https://${DOMAIN}/prod/orders`, `${ARN}/prod/GET/orders`],
  ['http-1.0', `https://${DOMAIN}/orders`, `${ARN}/$default/GET/orders`],
  ['http-2.0', `https://${DOMAIN}/orders`, `${ARN}/$default/GET/orders`],
  ['websocket', `https://${DOMAIN}/prod`, `${ARN}/prod/$connect`],
] as const
type Kind = (typeof KINDS)[number][0]

async function start(
  dpop: Partial<DpopOptions> = {},
  options: AuthorizerOptions<JwtClaims, 'policy'> = {},
) {
  const bound = await createBound(dpop)
  const events: { code?: string; reason?: string }[] = []
  const handler = createAuthorizer(bound.verifier, {
    ...options,
    onEvent: (event) => {
      if ('error' in event) events.push(event.error as object)
    },
  })
  const eventFor = async (kind: Kind, url: string, change: object = {}) => ({
    ...createAuthorizerEvent(kind, {
      path: '/orders',
      headers: {
        Authorization: `DPoP ${bound.token}`,
        DPoP: await bound.client.prove(bound.token, { url }),
      },
    }),
    ...change,
  })
  return { ...bound, handler, events, eventFor }
}

const outcomeOf = (work: Promise<unknown>): Promise<unknown> =>
  work.catch((error: Error) => error.message)

describe.each(KINDS)('%s', (kind, url, resource) => {
  test('a bound token gets a policy for the one request, and a proof passes once', async () => {
    const { handler, eventFor, events } = await start()
    const event = await eventFor(kind, url)

    for (const _time of [1, 2, 3]) await handler(await eventFor(kind, url))
    const result = await handler(event)
    const replayed = await outcomeOf(handler(event))

    expect(result.policyDocument.Statement).toEqual([
      { Action: 'execute-api:Invoke', Effect: 'Allow', Resource: resource },
    ])
    if (kind.startsWith('http'))
      expect(replayed).toMatchObject({ policyDocument: { Statement: [{ Effect: 'Deny' }] } })
    else expect(replayed).toBe('Unauthorized')
    expect(events.at(-1)).toMatchObject({ code: 'ERR_PROOF_REPLAYED' })
  })

  test.each<[string, string]>([
    ['another domain', 'https://evil.example/orders'],
    ['another path', `${url}/1`],
    ['plain http', url.replace('https', 'http')],
  ])('a proof for %s does not pass', async (_, other) => {
    const { handler, eventFor, events } = await start()

    await outcomeOf(handler(await eventFor(kind, other)))

    expect(events).toMatchObject([{ code: 'ERR_PROOF_INVALID', reason: 'htu' }])
  })

  test('Host does not decide about the URL', async () => {
    const { handler, eventFor, events } = await start()
    const event = await eventFor(kind, 'https://evil.example/orders')
    const headers = { ...event.headers, Host: 'evil.example', host: 'evil.example' }

    await outcomeOf(handler({ ...event, headers, multiValueHeaders: undefined }))

    expect(events).toMatchObject([{ reason: 'htu' }])
  })

  test('a bound token under Bearer does not pass', async () => {
    const { handler, token, events } = await start()
    const { identitySource: _, ...event } = createAuthorizerEvent(kind, {
      token,
    }) as never as Record<string, unknown>

    await outcomeOf(handler({ ...event, identitySource: kind === 'http-1.0' ? '' : [] }))

    expect(events).toMatchObject([{ code: 'ERR_PROOF_MISSING' }])
  })

  test('two proofs do not pass', async () => {
    const { handler, token, client, events } = await start()
    const proofs = await Promise.all([1, 2].map(() => client.prove(token, { url })))
    const headers = { Authorization: `DPoP ${token}`, DPoP: proofs }

    await outcomeOf(handler(createAuthorizerEvent(kind, { path: '/orders', headers })))

    expect(events).toMatchObject([{ code: 'ERR_PROOF_INVALID', reason: 'repeated' }])
  })

  test('a token that is not bound gets what it got before', async () => {
    const { handler, issuer } = await start()
    const token = await issuer.accessToken()

    const { policyDocument } = await handler(createAuthorizerEvent(kind, { token }))

    expect(policyDocument.Statement[0]).toMatchObject({ Effect: 'Allow' })
    expect(String(policyDocument.Statement[0]?.Resource)).toMatch(/\/\*$/)
  })
})

describe.each(['http-1.0', 'http-2.0'] as const)('the identity sources of %s', (kind) => {
  test('may be there for a token that is not bound, even if it is rejected', async () => {
    const { handler, issuer, events } = await start()
    const token = await issuer.accessToken({ exp: 1 })

    await outcomeOf(handler(createAuthorizerEvent(kind, { token })))

    expect(events).toMatchObject([{ code: 'ERR_TOKEN_EXPIRED' }])
  })

  const url = `https://${DOMAIN}/orders`
  const sourcesOf = (...values: string[]) => ({
    identitySource: kind === 'http-1.0' ? values.join(',') : values,
  })

  test.each([
    ['the token', (token: string) => [`DPoP ${token}`]],
    ['the token and the proof', (token: string, proof: string) => [`DPoP ${token}`, proof]],
  ])('must not be %s: API Gateway could keep the result', async (_, toSources) => {
    const { handler, eventFor, events, token } = await start()
    const event = await eventFor(kind, url)
    const proof = String(event.headers?.['dpop'] ?? event.headers?.['DPoP'])

    const outcome = await outcomeOf(handler({ ...event, ...sourcesOf(...toSources(token, proof)) }))

    expect(outcome).toBe('The authorizer could not decide (ERR_CONFIG_INVALID)')
    expect(String((events[0] as Error).message)).toContain('identity sources')
  })

  test('with them, a bad proof is no Deny that is kept for the rightful client', async () => {
    const { handler, eventFor, token } = await start()
    const event = await eventFor(kind, 'https://evil.example/')

    const outcome = await outcomeOf(handler({ ...event, ...sourcesOf(`DPoP ${token}`) }))

    expect(outcome).toBe('The authorizer could not decide (ERR_CONFIG_INVALID)')
  })
})

describe('the URL', () => {
  test.each<[Kind, string, object, string]>([
    ['http-2.0', '/v1', {}, `https://${DOMAIN}/v1/orders`],
    ['http-1.0', '/v1', { path: '/v1/orders' }, `https://${DOMAIN}/v1/orders`],
    ['http-1.0', '/v1', {}, `https://${DOMAIN}/v1/orders`],
    ['rest-request', '/v1', {}, `https://${DOMAIN}/v1/orders`],
    ['websocket', '/v1', {}, `https://${DOMAIN}/v1`],
    ['http-2.0', '', { rawPath: '/prod/a b/ä' }, `https://${DOMAIN}/prod/a%20b/%C3%A4`],
  ])('of %s behind the base path %j', async (kind, basePath, change, url) => {
    const { handler, eventFor } = await start({}, basePath === '' ? {} : { basePath })

    const { policyDocument } = await handler(await eventFor(kind, url, change))

    expect(policyDocument.Statement[0]?.Effect).toBe('Allow')
  })

  test('must be in the event', async () => {
    const { handler, eventFor, events } = await start()
    const event = await eventFor('http-2.0', `https://${DOMAIN}/orders`)
    const requestContext = { ...event.requestContext, domainName: undefined }

    await outcomeOf(handler({ ...event, requestContext }))

    expect(events).toMatchObject([{ code: 'ERR_CONFIG_INVALID' }])
  })

  test.each(['v1', '/v1/', '/', '', '/a b', '/a?b', 1])('%j is no base path', async (basePath) => {
    await expect(start({}, { basePath } as never)).rejects.toThrow('"basePath"')
  })
})

test('a TOKEN event has no proof, so it is a mistake of the configuration', async () => {
  const { handler, token, events } = await start()
  const event = createAuthorizerEvent('rest-token')

  await outcomeOf(handler({ ...event, authorizationToken: `DPoP ${token}` }))
  await outcomeOf(handler({ ...event, authorizationToken: `Bearer ${token}` }))

  expect(events).toMatchObject([{ code: 'ERR_CONFIG_INVALID' }, { code: 'ERR_PROOF_MISSING' }])
})

test('a route map is asked about the one request', async () => {
  const access = { 'GET /orders': {}, 'GET /admin': { groups: ['admin'] } }
  const { handler, eventFor, token, client } = await start({}, { access })
  const admin = createAuthorizerEvent('http-2.0', {
    path: '/admin',
    headers: {
      Authorization: `DPoP ${token}`,
      DPoP: await client.prove(token, { url: `https://${DOMAIN}/admin` }),
    },
  })

  const allowed = await handler(await eventFor('http-2.0', `https://${DOMAIN}/orders`))
  const denied = await handler(admin)

  expect(allowed.policyDocument.Statement).toMatchObject([
    { Effect: 'Allow', Resource: `${ARN}/$default/GET/orders` },
  ])
  expect(denied.policyDocument.Statement).toMatchObject([{ Effect: 'Deny' }])
})

test('a simple response is for the one request', async () => {
  const { verifier, token, client } = await createBound()
  const handler = createAuthorizer(verifier, { response: 'simple', policy: 'request' })
  const headers = {
    Authorization: `DPoP ${token}`,
    DPoP: await client.prove(token, { url: `https://${DOMAIN}/orders` }),
  }
  const event = createAuthorizerEvent('http-2.0', { path: '/orders', headers })

  expect(await handler(event)).toMatchObject({ isAuthorized: true })
  expect(await handler(event)).toEqual({ isAuthorized: false })
})

test('the nonce is in the context, of an Allow and of a Deny', async () => {
  const { handler, token, client } = await start({ nonce: { secret: SECRET } })
  const ask = async (nonce?: string) => {
    const url = `https://${DOMAIN}/orders`
    const DPoP = await client.prove(token, { url, ...(nonce && { nonce }) })
    const headers = { Authorization: `DPoP ${token}`, DPoP }
    return handler(createAuthorizerEvent('http-2.0', { path: '/orders', headers }))
  }

  const denied = await ask()
  const nonce = String(denied.context?.['dpopNonce'])
  const allowed = await ask(nonce)

  expect(denied.policyDocument.Statement[0]?.Effect).toBe('Deny')
  expect(allowed.policyDocument.Statement[0]?.Effect).toBe('Allow')
  expect(allowed.context).toMatchObject({ dpopNonce: nonce })
  expect(allowed.context?.['jwt']).toBeDefined()
})

test('an outage of the replay store is no Deny', async () => {
  const claim = () => Promise.reject(new Error('down'))
  const { handler, eventFor, events } = await start({ replay: { claim } })

  const outcome = await outcomeOf(handler(await eventFor('http-2.0', `https://${DOMAIN}/orders`)))

  expect(outcome).toBe('The authorizer could not decide (ERR_STORE_UNAVAILABLE)')
  expect(events).toMatchObject([{ code: 'ERR_STORE_UNAVAILABLE' }])
})

describe.skipIf(!HAS_OPENSSL)('client certificates', async () => {
  if (!HAS_OPENSSL) return
  const [alice, mallory] = ['alice', 'mallory'].map(createCertificate) as [
    ReturnType<typeof createCertificate>,
    ReturnType<typeof createCertificate>,
  ]
  const { issuer } = await createBound()
  const verifier: Verifier = createVerifier(
    { issuer: issuer.issuer, audience: null, jwks: issuer.jwks },
    { mtls: true, now: () => 1_800_000_000_000 },
  )
  const token = await issuer.accessToken({ cnf: { 'x5t#S256': alice.x5t } })

  function eventWith(kind: Kind, clientCertPem: string | undefined, headers = {}) {
    const event = createAuthorizerEvent(kind, { token, headers })
    const place = kind === 'http-2.0' ? 'authentication' : 'identity'
    const requestContext = {
      ...event.requestContext,
      [place]: { clientCert: clientCertPem === undefined ? null : { clientCertPem } },
    }
    const sources = kind === 'http-1.0' ? { identitySource: '' } : { identitySource: [] }
    return { ...event, requestContext, ...(kind.startsWith('http') && sources) }
  }

  test.each(KINDS)('of %s', async (kind, _url, _resource) => {
    const codes: unknown[] = []
    const handler = createAuthorizer(verifier, {
      unauthorized: 'deny',
      onEvent: (event) => {
        if ('error' in event) codes.push((event.error as { code?: string }).code)
      },
    })

    const passed = await handler(eventWith(kind, alice.cert))
    const others = [
      await handler(eventWith(kind, mallory.cert)),
      await handler(eventWith(kind, undefined)),
      await handler(eventWith(kind, 'no certificate')),
      await handler(
        eventWith(kind, undefined, { 'x-client-cert': encodeURIComponent(alice.cert) }),
      ),
    ]

    expect(passed.policyDocument.Statement[0]?.Effect).toBe('Allow')
    expect(String(passed.policyDocument.Statement[0]?.Resource)).not.toContain('*')
    expect(others.map((one) => one.policyDocument.Statement[0]?.Effect)).toEqual(
      Array(4).fill('Deny'),
    )
    expect(new Set(codes)).toEqual(new Set(['ERR_CERTIFICATE_MISMATCH']))
  })

  test('of a header that the configuration names', async () => {
    const handler = createAuthorizer(verifier, {
      ...{ unauthorized: 'deny', trustedCertificateHeader: 'X-Client-Cert' },
    })
    const headers = { 'x-client-cert': encodeURIComponent(alice.cert) }

    const passed = await handler(eventWith('rest-request', mallory.cert, headers))
    const direct = await handler(eventWith('rest-request', alice.cert))

    expect(passed.policyDocument.Statement[0]?.Effect).toBe('Allow')
    expect(direct.policyDocument.Statement[0]?.Effect).toBe('Deny')
  })

  test('of a header without "mtls" is a mistake', async () => {
    const { verifier: other } = await createBound()

    expect(() => createAuthorizer(other, { trustedCertificateHeader: 'x' })).toThrow(
      '"trustedCertificateHeader" has no effect without "mtls"',
    )
    const wrapped = { ...unusedVerifier }
    expect(() => createAuthorizer(wrapped, { trustedCertificateHeader: 'x' })).toThrow(
      '"trustedCertificateHeader" has no effect without "mtls"',
    )
  })
})
