/**
 * Bound tokens in web-standard requests: DPoP proofs, and client certificates that a proxy passes on.
 */
import { createVerifier } from 'jwt-gate'
import { errorResponse, type VerifyRequestOptions, verifyRequest } from 'jwt-gate/fetch'
import { describe, expect, test } from 'vitest'
import { createCertificate, HAS_OPENSSL } from '../support/certificates.ts'
import { type Bound, createBound, SECRET } from '../verify/support/bound.ts'

const ORIGIN = 'https://api.example'
const bound = await createBound({ algorithms: ['ES256'] })

/** A request as its server shows it, with the host that the client has named. */
async function ask(
  { client, token }: Bound,
  { headers = {}, url = `${ORIGIN}/orders`, host = 'internal:8080' } = {},
): Promise<Request> {
  const proof = await client.prove(token, { url })
  const all = { authorization: `DPoP ${token}`, dpop: proof, ...headers }
  return new Request(`http://${host}/orders?page=2`, { headers: all })
}

const send = (request: Request, options: VerifyRequestOptions = { origin: ORIGIN }, from = bound) =>
  verifyRequest(from.verifier, request, options)

test('a bound token passes with a new proof each time, whatever host the client names', async () => {
  for (const host of ['internal:8080', 'evil.example', 'api.example']) {
    const { claims } = await send(await ask(bound, { host }))
    expect(claims['cnf']).toEqual(bound.client.cnf)
  }
})

test('a proof for another URL is rejected, with a challenge for both schemes', async () => {
  const error = await send(await ask(bound, { url: 'http://internal:8080/orders' })).catch(
    (thrown: unknown) => thrown,
  )
  const response = errorResponse(error)

  expect(error).toMatchObject({ code: 'ERR_PROOF_INVALID', reason: 'htu' })
  expect(response.status).toBe(401)
  expect(response.headers.get('www-authenticate')).toBe(
    'DPoP realm="api", error="invalid_dpop_proof", error_description="The DPoP proof is for another URL (htu)", algs="ES256", Bearer realm="api"',
  )
})

test('no bound token passes without its proof, and no proof twice', async () => {
  const { token } = bound
  const used = await ask(bound)
  await send(used)
  const proof = String(used.headers.get('dpop'))
  const attempts: [Request, string][] = [
    [used, 'ERR_PROOF_REPLAYED'],
    [await ask(bound, { headers: { dpop: '' } }), 'ERR_PROOF_MISSING'],
    [await ask(bound, { headers: { authorization: `Bearer ${token}` } }), 'ERR_PROOF_INVALID'],
    [await ask(bound, { headers: { dpop: `${proof}, ${proof}` } }), 'ERR_PROOF_INVALID'],
    [
      new Request(`${ORIGIN}/orders`, { headers: { authorization: `Bearer ${token}` } }),
      'ERR_PROOF_MISSING',
    ],
  ]

  for (const [request, code] of attempts)
    await expect(send(request)).rejects.toMatchObject({ code })
})

test('the next nonce is in the result, and in the response to an error', async () => {
  const noncing = await createBound({ nonce: { secret: SECRET } })
  const error = await send(await ask(noncing), undefined, noncing).catch((thrown) => thrown)
  const nonce = errorResponse(error).headers.get('dpop-nonce') ?? ''
  const proof = await noncing.client.prove(noncing.token, { url: `${ORIGIN}/orders`, nonce })
  const request = await ask(noncing, { headers: { dpop: proof } })

  expect(error).toMatchObject({ code: 'ERR_PROOF_NONCE' })
  expect((await send(request, undefined, noncing)).nextNonce).toMatch(/./)
})

test('"origin" is required with "dpop", and a mistake without it', async () => {
  const { issuer } = bound
  const plain = createVerifier({ issuer: issuer.issuer, audience: null, jwks: issuer.jwks })

  await expect(send(await ask(bound), {})).rejects.toThrow('"origin" must be given with "dpop"')
  await expect(verifyRequest(plain, await ask(bound), { origin: ORIGIN })).rejects.toThrow(
    '"origin" has no effect without "dpop"',
  )
})

describe.skipIf(!HAS_OPENSSL)('a client certificate', () => {
  const [alice, mallory] = ['alice', 'mallory'].map(createCertificate) as [
    ReturnType<typeof createCertificate>,
    ReturnType<typeof createCertificate>,
  ]
  const { issuer, clock } = bound
  const verifier = createVerifier(
    { issuer: issuer.issuer, audience: null, jwks: issuer.jwks },
    { mtls: true, now: clock.now },
  )
  const options = { trustedCertificateHeader: 'X-Client-Cert' }

  test('comes from the header that is named, and from no other', async () => {
    const token = await issuer.accessToken({ cnf: { 'x5t#S256': alice.x5t } })
    const from = (name: string, pem: string): Request =>
      new Request(ORIGIN, {
        headers: { authorization: `Bearer ${token}`, [name]: encodeURIComponent(pem) },
      })
    const code = 'ERR_CERTIFICATE_MISMATCH'

    await verifyRequest(verifier, from('x-client-cert', alice.cert), options)
    for (const request of [from('x-client-cert', mallory.cert), from('x-other', alice.cert)]) {
      await expect(verifyRequest(verifier, request, options)).rejects.toMatchObject({ code })
    }
  })

  test('needs the name of the header, because a web Request has no connection', async () => {
    await expect(verifyRequest(verifier, new Request(ORIGIN))).rejects.toThrow(
      '"trustedCertificateHeader" must be given with "mtls"',
    )
  })
})
