/**
 * An issuer on loopback. All of its tokens are signed as they should be.
 */
import { once } from 'node:events'
import { createServer } from 'node:http'
import { exportJWK, exportSPKI, generateKeyPair, SignJWT } from 'jose'

export const AUDIENCE = 'https://api.example'

/** Keys are at `jwksUri`, until the issuer is `down`. `requests` counts what was asked for. */
export async function createIssuer(alg = 'RS256') {
  const issuer = { down: false, requests: 0, keys: [], redirect: false }
  const server = createServer((request, response) => {
    issuer.requests += 1
    if (issuer.down) return response.destroy()
    if (issuer.redirect && request.url === '/jwks') {
      return response.writeHead(302, { location: '/moved' }).end()
    }
    response.setHeader('content-type', 'application/json')
    response.end(JSON.stringify({ keys: issuer.keys.map(({ jwk }) => jwk) }))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const url = `http://127.0.0.1:${server.address().port}`
  Object.assign(issuer, { url, jwksUri: `${url}/jwks` })
  issuer.addKey = async (kid) => {
    const { publicKey, privateKey } = await generateKeyPair(alg, { extractable: true })
    const jwk = { ...(await exportJWK(publicKey)), kid, alg, use: 'sig' }
    issuer.keys.push({ jwk, privateKey, pem: await exportSPKI(publicKey) })
  }
  issuer.token = (claims = {}, header = {}) => {
    const { jwk, privateKey } = issuer.keys.at(-1)
    return new SignJWT({ ...accessClaims(url), ...claims })
      .setProtectedHeader({ alg, kid: jwk.kid, typ: 'JWT', ...header })
      .sign(privateKey)
  }
  issuer.close = () => server.close()
  await issuer.addKey('first')
  return issuer
}

function accessClaims(iss) {
  const now = Math.floor(Date.now() / 1000)
  return { iss, aud: AUDIENCE, sub: 'alice', iat: now, exp: now + 3600, scope: 'read' }
}

/** The claims of an ID token. Some issuers give it the same audience as the access token. */
export const ID_TOKEN = { nonce: 'n-0S6', at_hash: 'MTIz', scope: undefined }

/** The result of a call: 'accepted', or the name of the error. */
export async function outcomeOf(call) {
  try {
    await call()
    return 'accepted'
  } catch (error) {
    return error.code ?? error.constructor.name
  }
}
