/**
 * Tokens that are bound to a client certificate, over real TLS connections (RFC 8705 s3).
 */
import { connect as connectHttp2, createSecureServer } from 'node:http2'
import { createServer, request } from 'node:https'
import type { AddressInfo } from 'node:net'
import express from 'express'
import { createVerifier } from 'jwt-gate'
import {
  authErrorHandler,
  type RequireJwtOptions,
  requireJwt,
  verifyRequest,
} from 'jwt-gate/express'
import { createTestIssuer } from 'jwt-gate/testing'
import { describe, expect, onTestFinished, test } from 'vitest'
import { type Certificate, createCertificate, HAS_OPENSSL } from '../support/certificates.ts'
import { serve } from '../support/http.ts'

describe.skipIf(!HAS_OPENSSL)('with certificates of openssl', async () => {
  if (!HAS_OPENSSL) return
  const [server, alice, mallory] = ['localhost', 'alice', 'mallory'].map(createCertificate) as [
    Certificate,
    Certificate,
    Certificate,
  ]
  const issuer = await createTestIssuer()
  const verifier = createVerifier(
    { issuer: issuer.issuer, audience: null, jwks: issuer.jwks },
    { mtls: true },
  )
  const token = await issuer.accessToken({ cnf: { 'x5t#S256': alice.x5t } })
  const free = await issuer.accessToken()
  const headers = { authorization: `Bearer ${token}` }

  /** An API that asks for client certificates, of any authority. */
  async function start(options: RequireJwtOptions = {}): Promise<number> {
    const app = express().use(requireJwt(verifier, options), (_req, res) => void res.end('in'))
    const tls = { ...server, requestCert: true, rejectUnauthorized: false }
    const listener = createServer(tls, app.use(authErrorHandler()))
    await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve))
    onTestFinished(() => {
      listener.close()
      listener.closeAllConnections()
    })
    return (listener.address() as AddressInfo).port
  }

  function ask(
    port: number,
    client: Partial<Certificate>,
    sent: Record<string, string> = headers,
  ): Promise<{ status: number; challenge: string; body: string }> {
    return new Promise((resolve, reject) => {
      const { key, cert } = client
      const options = {
        ...{ host: '127.0.0.1', servername: 'localhost', port, headers: sent },
        ...{ ca: server.cert, agent: false, ...(key && { key, cert }) },
      }
      request(options, (response) => {
        let body = ''
        response.setEncoding('utf8').on('data', (chunk) => {
          body += chunk
        })
        response.on('end', () => {
          const challenge = String(response.headers['www-authenticate'])
          resolve({ status: response.statusCode ?? 0, challenge, body })
        })
      })
        .on('error', reject)
        .end()
    })
  }

  test('a bound token passes on a connection with its certificate, cached or not', async () => {
    const port = await start()

    for (const _time of [1, 2, 3]) expect((await ask(port, alice)).status).toBe(200)
    const stolen = await ask(port, mallory)
    const without = await ask(port, {})

    expect([stolen.status, without.status]).toEqual([401, 401])
    expect(stolen.challenge).toBe(
      'Bearer realm="api", error="invalid_token", error_description="The token is bound to another client certificate"',
    )
    expect(without.challenge).toContain('and none was presented')
  })

  test('a token that is not bound passes on any connection', async () => {
    const port = await start()
    const sent = { authorization: `Bearer ${free}` }

    expect((await ask(port, mallory, sent)).status).toBe(200)
    expect((await ask(port, {}, sent)).status).toBe(200)
  })

  test.each([
    ['in PEM, URL-encoded', 'x-client-cert', ({ cert }: Certificate) => encodeURIComponent(cert)],
    [
      'in PEM, as a load balancer encodes it',
      'X-Amzn-Mtls-Clientcert-Leaf',
      ({ cert }: Certificate) =>
        encodeURIComponent(cert).replaceAll(/%(2B|3D|2F)/g, decodeURIComponent),
    ],
    [
      'as a byte sequence (RFC 9440)',
      'Client-Cert',
      ({ raw }: Certificate) => `:${Buffer.from(raw).toString('base64')}:`,
    ],
  ])('a proxy may pass the certificate on %s', async (_, name, encode) => {
    const port = await start({ trustedCertificateHeader: name })

    const passed = await ask(port, {}, { ...headers, [name]: encode(alice) })
    const stolen = await ask(port, {}, { ...headers, [name]: encode(mallory) })
    // the connection is that of the proxy
    const direct = await ask(port, alice)

    expect([passed.status, stolen.status, direct.status]).toEqual([200, 401, 401])
  })

  test.each(['x', '%', '::', ':AA', '%00', encodeURIComponent('-----BEGIN CERTIFICATE-----')])(
    'the header %j has no certificate',
    async (value) => {
      const port = await start({ trustedCertificateHeader: 'x-client-cert' })

      const { status } = await ask(port, alice, { ...headers, 'x-client-cert': value })

      expect(status).toBe(401)
    },
  )

  describe('nobody gets in', () => {
    test.each([
      'x-client-cert',
      'client-cert',
      'x-amzn-mtls-clientcert',
      'x-forwarded-client-cert',
    ])('by a header that anybody can set: %s', async (name) => {
      const port = await start()
      const value = encodeURIComponent(alice.cert)

      expect((await ask(port, mallory, { ...headers, [name]: value })).status).toBe(401)
      expect((await ask(port, alice, { ...headers, [name]: value })).status).toBe(200)
    })

    test('by two headers', async () => {
      const [good, bad] = [alice, mallory].map(({ cert }) => encodeURIComponent(cert))
      const app = express()
        .use(requireJwt(verifier, { trustedCertificateHeader: 'x-client-cert' }))
        .use((_req, res) => void res.end('in'))
      const send = await serve(app.use(authErrorHandler()))
      const twice = await send('/', {
        headers: { ...headers, 'x-client-cert': [good, bad] as string[] },
      })
      const once = await send('/', { headers: { ...headers, 'x-client-cert': String(good) } })

      expect([twice.status, once.status]).toEqual([400, 200])
    })

    test.each<[string, (x5t: string) => unknown]>([
      ['in capitals', (x5t) => x5t.toUpperCase()],
      ['with padding', (x5t) => `${x5t}=`],
      ['in hex', (x5t) => Buffer.from(x5t, 'base64url').toString('hex')],
      ['of nothing', () => ''],
      ['in a list', (x5t) => [x5t]],
    ])('with a thumbprint %s', async (_, change) => {
      const port = await start()
      const other = await issuer.accessToken({ cnf: { 'x5t#S256': change(alice.x5t) } })

      const { status } = await ask(port, alice, { authorization: `Bearer ${other}` })

      expect(status).toBe(401)
    })

    test('without a TLS connection', async () => {
      const app = express().use(requireJwt(verifier), (_req, res) => void res.end('in'))
      const send = await serve(app.use(authErrorHandler()))

      expect((await send('/', { headers })).status).toBe(401)
      expect((await send('/', { headers: { authorization: `Bearer ${free}` } })).status).toBe(200)
    })

    test('with a key that is bound in another way', async () => {
      const port = await start()
      for (const cnf of [
        { jkt: alice.x5t },
        { 'x5t#S256': alice.x5t, jkt: 'x' },
        { 'x5t#s256': alice.x5t },
      ]) {
        const other = await issuer.accessToken({ cnf })
        const { status } = await ask(port, alice, { authorization: `Bearer ${other}` })
        expect(status).toBe(401)
      }
    })

    test('without the option', async () => {
      const plain = createVerifier({ issuer: issuer.issuer, audience: null, jwks: issuer.jwks })
      const presented = { scheme: 'Bearer', certificate: alice.raw }

      await expect(verifier.verify(token, presented)).resolves.toBeDefined()
      await expect(plain.verify(token, presented)).rejects.toMatchObject({
        code: 'ERR_TOKEN_UNSUPPORTED',
      })
    })
  })

  test('the core takes DER and PEM', async () => {
    for (const certificate of [alice.raw, Buffer.from(alice.raw), alice.cert]) {
      const presented = { scheme: 'Bearer', certificate }
      await expect(verifier.verify(token, presented)).resolves.toBeDefined()
      expect(verifier.verifySync(token, presented)).toBeDefined()
    }
  })

  test('HTTP/2 connections have certificates too', async () => {
    const outcomes: string[] = []
    const tls = { ...server, requestCert: true, rejectUnauthorized: false }
    const secure = createSecureServer(tls, async (req, res) => {
      outcomes.push(
        await verifyRequest(verifier, req).then(
          () => 'in',
          (error) => error.code,
        ),
      )
      res.end()
    })
    await new Promise<void>((resolve) => secure.listen(0, '127.0.0.1', resolve))
    const { port } = secure.address() as AddressInfo
    for (const { key, cert } of [alice, mallory]) {
      const session = connectHttp2(`https://localhost:${port}`, {
        ...{ ca: server.cert, key, cert, host: '127.0.0.1', servername: 'localhost' },
      })
      await new Promise((resolve, reject) => {
        session.on('error', reject)
        session
          .request({ ':path': '/', ...headers })
          .on('close', resolve)
          .resume()
          .end()
      })
      session.close()
    }
    secure.close()

    expect(outcomes).toEqual(['in', 'ERR_CERTIFICATE_MISMATCH'])
  })
})
