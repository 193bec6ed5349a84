/**
 * Bound tokens in functions that nothing stands in front of: where the URL, the proof and the certificate come from.
 */
import { createVerifier } from 'jwt-gate'
import { errorResult, type VerifyEventOptions, verifyEvent } from 'jwt-gate/lambda'
import { createHandlerEvent } from 'jwt-gate/testing'
import { describe, expect, test } from 'vitest'
import { createCertificate, HAS_OPENSSL } from '../support/certificates.ts'
import { createBound } from '../verify/support/bound.ts'
import { GATEWAYS } from './setup.ts'

const ORIGIN = 'https://api.example'
const bound = await createBound()
const { client, token, verifier, issuer, clock } = bound

type Gateway = (typeof GATEWAYS)[number]

const prove = (url: string): Promise<string> => client.prove(token, { url })

function toEvent(gateway: Gateway, headers: Record<string, string>, path = '/orders') {
  return createHandlerEvent(gateway, { path, headers })
}

/** The URL of a request for `/orders`, by the event alone. */
function urlOf(gateway: Gateway): string {
  const { requestContext } = toEvent(gateway, {}) as unknown as {
    requestContext: Record<string, unknown>
  }
  const { domainName, stage } = requestContext
  const path = gateway === 'websocket' ? `/${stage}` : '/orders'
  return `https://${domainName}${gateway === 'rest' ? `/${stage}` : ''}${path}`
}

const send = (event: unknown, options?: VerifyEventOptions) => verifyEvent(verifier, event, options)

test.each(GATEWAYS.filter((one) => !one.startsWith('alb')))(
  '%s: a proof for the URL of the event passes once',
  async (gateway) => {
    const event = toEvent(gateway, {
      authorization: `DPoP ${token}`,
      dpop: await prove(urlOf(gateway)),
    })

    expect((await send(event)).claims['cnf']).toEqual(client.cnf)
    await expect(send(event)).rejects.toMatchObject({ code: 'ERR_PROOF_REPLAYED' })
  },
)

describe.each(GATEWAYS)('%s', (gateway) => {
  const authorization = `DPoP ${token}`
  const url = gateway === 'websocket' ? ORIGIN : `${ORIGIN}/orders`

  test('with "origin", a proof for the URL of the client passes', async () => {
    const event = toEvent(gateway, { authorization, dpop: await prove(url) })

    expect((await send(event, { origin: ORIGIN })).claims['cnf']).toEqual(client.cnf)
  })

  test('"origin" may have the path that is mapped to the API', async () => {
    const mapped = gateway === 'websocket' ? `${ORIGIN}/v1` : `${ORIGIN}/v1/orders`
    const event = toEvent(gateway, { authorization, dpop: await prove(mapped) })

    expect((await send(event, { origin: `${ORIGIN}/v1` })).claims['cnf']).toEqual(client.cnf)
  })

  test('no bound token passes without its proof, or with one for another host', async () => {
    const [host, other] = ['evil.example', 'https://evil.example/orders']
    const attempts = [
      [{ authorization }, 'ERR_PROOF_MISSING'],
      [{ authorization: `Bearer ${token}` }, 'ERR_PROOF_MISSING'],
      [{ authorization: `Bearer ${token}`, dpop: await prove(url) }, 'ERR_PROOF_INVALID'],
      [{ authorization, host, dpop: await prove(other) }, 'ERR_PROOF_INVALID'],
    ] as const

    for (const [headers, code] of attempts) {
      const error = await send(toEvent(gateway, headers), { origin: ORIGIN }).catch((one) => one)
      expect(error).toMatchObject({ code })
      const result = errorResult(error)
      const { 'WWW-Authenticate': [challenge] = [] } = result.multiValueHeaders ?? {
        'WWW-Authenticate': [result.headers?.['WWW-Authenticate'] ?? ''],
      }
      expect(challenge).toMatch(/^DPoP .*, Bearer /)
    }
  })
})

test.each<[string, Record<string, string>, VerifyEventOptions['token']]>([
  ['a cookie', { cookie: `t=${token}`, 'sec-fetch-site': 'same-origin' }, { cookie: 't' }],
  ['a header of its own', { 'x-token': token }, { header: 'X-Token', scheme: null }],
  [
    'Authorization without a scheme',
    { authorization: token },
    { header: 'Authorization', scheme: null },
  ],
])(
  'a bound token in %s, where no scheme says DPoP, passes with its proof only',
  async (_title, headers, place) => {
    const url = urlOf('rest')
    const options = { token: place }

    const [good, foreign] = [await prove(url), await prove(`${ORIGIN}/orders`)]

    const { claims } = await send(toEvent('rest', { ...headers, dpop: good }), options)

    expect(claims['cnf']).toEqual(client.cnf)
    await expect(send(toEvent('rest', headers), options)).rejects.toMatchObject({
      code: 'ERR_PROOF_MISSING',
    })
    await expect(
      send(toEvent('rest', { ...headers, dpop: foreign }), options),
    ).rejects.toMatchObject({ code: 'ERR_PROOF_INVALID', reason: 'htu' })
  },
)

test('a load balancer does not show its host, so "origin" is needed', async () => {
  const headers = { authorization: `DPoP ${token}`, dpop: await prove(`${ORIGIN}/orders`) }

  await expect(send(toEvent('alb', headers))).rejects.toThrow('set "origin"')
})

test.each([
  [{ origin: (() => ORIGIN) as never }, '"origin" must be'],
  [{ origin: 'api.example' }, '"origin" must be an http or https URL'],
  [{ trustedCertificateHeader: 'x' }, '"trustedCertificateHeader" has no effect without "mtls"'],
])('%j is a mistake', async (options, message) => {
  await expect(send(toEvent('alb', {}), options)).rejects.toThrow(message)
})

describe.skipIf(!HAS_OPENSSL)('a client certificate', () => {
  const [alice, mallory] = ['alice', 'mallory'].map(createCertificate) as [
    ReturnType<typeof createCertificate>,
    ReturnType<typeof createCertificate>,
  ]
  const mutual = createVerifier(
    { issuer: issuer.issuer, audience: null, jwks: issuer.jwks },
    { mtls: true, now: clock.now },
  )
  const code = 'ERR_CERTIFICATE_MISMATCH'

  test('comes from API Gateway', async () => {
    const authorization = `Bearer ${await issuer.accessToken({ cnf: { 'x5t#S256': alice.x5t } })}`
    const from = (clientCertPem: string | undefined) => {
      const event = toEvent('http-2.0', { authorization }) as unknown as {
        requestContext: object
      }
      const authentication = { clientCert: { clientCertPem } }
      return { ...event, requestContext: { ...event.requestContext, authentication } }
    }

    await verifyEvent(mutual, from(alice.cert))
    for (const pem of [mallory.cert, undefined]) {
      await expect(verifyEvent(mutual, from(pem))).rejects.toMatchObject({ code })
    }
  })

  test('comes from the header of a load balancer, if it is named', async () => {
    const authorization = `Bearer ${await issuer.accessToken({ cnf: { 'x5t#S256': alice.x5t } })}`
    const name = 'x-amzn-mtls-clientcert-leaf'
    const options = { trustedCertificateHeader: 'X-Amzn-Mtls-Clientcert-Leaf' }
    const from = (pem: string) => toEvent('alb', { authorization, [name]: encodeURIComponent(pem) })

    await verifyEvent(mutual, from(alice.cert), options)
    await expect(verifyEvent(mutual, from(mallory.cert), options)).rejects.toMatchObject({ code })
    await expect(verifyEvent(mutual, from(alice.cert))).rejects.toMatchObject({ code })
    await expect(
      verifyEvent(mutual, toEvent('alb', { authorization }), options),
    ).rejects.toMatchObject({ code })
    const twice = createHandlerEvent('alb-multi-value', {
      path: '/orders',
      headers: { authorization, [name]: [alice.cert, mallory.cert].map(encodeURIComponent) },
    })
    await expect(verifyEvent(mutual, twice, options)).rejects.toMatchObject({
      ...{ code: 'ERR_TOKEN_REQUEST', reason: 'repeated' },
    })
  })
})
