/**
 * Proofs that other people's clients make: oauth4webapi, dpop and jose.
 */
import { randomUUID } from 'node:crypto'
import * as dpop from 'dpop'
import express from 'express'
import { calculateJwkThumbprint, exportJWK, generateKeyPair, SignJWT } from 'jose'
import { createVerifier } from 'jwt-gate'
import { authErrorHandler, getAuth, requireJwt } from 'jwt-gate/express'
import { memoryReplayStore } from 'jwt-gate/stores'
import { createTestIssuer } from 'jwt-gate/testing'
import * as oauth from 'oauth4webapi'
import { expect, onTestFinished, test } from 'vitest'
import { SECRET } from '../support/bound.ts'
import { toAth } from '../support/dpop-client.ts'

const issuer = await createTestIssuer()

/** An API that asks for nonces, with a path that has to be encoded. */
async function start(): Promise<string> {
  const app = express()
  const replay = memoryReplayStore({ max: 100 })
  const verifier = createVerifier(
    { issuer: issuer.issuer, audience: null, jwks: issuer.jwks },
    { dpop: { replay, nonce: { secret: SECRET } } },
  )
  const server = app.listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  onTestFinished(() => void server.close())
  const origin = `http://127.0.0.1:${(server.address() as { port: number }).port}`
  app.use(requireJwt(verifier, { origin }))
  app.use('/orders', (req, res) => void res.json({ sub: getAuth(req).claims.sub }))
  app.use(authErrorHandler())
  return origin
}

const PATH = '/orders/a%20b/%C3%A4|c?limit=1'

test.each(['ES256', 'PS256', 'RS256', 'Ed25519'] as const)('oauth4webapi, with %s', async (alg) => {
  const url = new URL(PATH, await start())
  const keys = await oauth.generateKeyPair(alg)
  const handle = oauth.DPoP({}, keys)
  const token = await issuer.accessToken({ cnf: { jkt: await handle.calculateThumbprint() } })
  const ask = (): Promise<Response> =>
    oauth.protectedResourceRequest(token, 'GET', url, undefined, undefined, {
      DPoP: handle,
      [oauth.allowInsecureRequests]: true,
    })

  // it learns the nonce from the first answer
  const error = await ask().catch((thrown: unknown) => thrown)
  expect(oauth.isDPoPNonceError(error)).toBe(true)
  const response = await ask()
  const again = await ask()

  expect([response.status, again.status]).toEqual([200, 200])
  await expect(response.json()).resolves.toHaveProperty('sub')
})

test.each(['ES256', 'PS256', 'RS256', 'Ed25519'] as const)('dpop, with %s', async (alg) => {
  const url = new URL(PATH, await start())
  const keys = await dpop.generateKeyPair(alg)
  const jkt = await dpop.calculateThumbprint(keys.publicKey)
  const token = await issuer.accessToken({ cnf: { jkt } })
  const htu = `${url.origin}${url.pathname}`
  const ask = async (nonce?: string): Promise<Response> =>
    fetch(url, {
      method: 'POST',
      headers: {
        Authorization: `DPoP ${token}`,
        DPoP: await dpop.generateProof(keys, htu, 'POST', nonce, token),
      },
    })

  const first = await ask()
  const second = await ask(String(first.headers.get('dpop-nonce')))

  expect([first.status, second.status]).toEqual([401, 200])
})

test.each(['ES256', 'ES384', 'ES512', 'PS512', 'EdDSA'])('jose, with %s', async (alg) => {
  const url = new URL(PATH, await start())
  const { publicKey, privateKey } = await generateKeyPair(alg, { extractable: true })
  const jwk = await exportJWK(publicKey)
  const token = await issuer.accessToken({ cnf: { jkt: await calculateJwkThumbprint(jwk) } })
  const ask = async (nonce: string | null): Promise<Response> => {
    const claims = { htm: 'GET', htu: url.href, ath: toAth(token), ...(nonce && { nonce }) }
    const proof = new SignJWT(claims)
      .setProtectedHeader({ typ: 'dpop+jwt', alg, jwk })
      .setJti(randomUUID())
      .setIssuedAt()
    const DPoP = await proof.sign(privateKey)
    return fetch(url, { headers: { Authorization: `DPoP ${token}`, DPoP } })
  }

  const first = await ask(null)
  const second = await ask(first.headers.get('dpop-nonce'))

  expect([first.status, second.status]).toEqual([401, 200])
})
