/**
 * The keys cannot be fetched. All servers are real.
 */

import type { RequestListener } from 'node:http'
import { createServer, Agent as HttpsAgent } from 'node:https'
import type { AddressInfo } from 'node:net'
import type { JwtGateErrorCode } from 'jwt-gate'
import { CERTIFICATE, EXPIRED, OF_ANOTHER_NAME, PRIVATE_KEY } from './certificate.ts'
import { type Attempt, AUDIENCE, NOTHING, type SetUp, type World } from './world.ts'

const DOWN = 'ERR_JWKS_UNAVAILABLE'
const INVALID = 'ERR_JWKS_INVALID'

export async function createNetworkSetUps(world: World): Promise<SetUp[]> {
  const { pool, token, serve, trust } = world
  const sent = await token()
  const json: RequestListener = (_, response) => response.end(JSON.stringify(pool.jwks))
  const good = `${await serve(json)}/keys`
  const at = (jwksUri: string): Attempt => ({ trusted: trust({ jwksUri }), token: sent })
  const row = async (
    [name, code]: readonly [string, JwtGateErrorCode],
    [cause, advice]: readonly [string, string | RegExp],
    broken: Attempt | RequestListener,
    cured = at(good),
  ): Promise<SetUp> => ({
    ...{ name, code, cause, advice, cured },
    broken: typeof broken === 'function' ? at(`${await serve(broken)}/keys`) : broken,
  })
  const fast = { jwks: { timeoutMs: 50 } }
  const silent = `${await serve(() => undefined)}/keys`
  const secure = await serveSecurely(world, json, CERTIFICATE)
  const trusting = (jwksUri: string, ca: string): Attempt => ({
    ...at(jwksUri),
    options: { jwks: { agent: new HttpsAgent({ ca }) } },
  })
  const cured = trusting(secure, CERTIFICATE)
  const wrongIssuer = await serve((_, response) =>
    response.end('{"issuer":"http://other.example"}'),
  )
  const inMetadata = await token({ iss: wrongIssuer })
  return Promise.all([
    row(
      ['nothing listens', DOWN],
      ['Nothing listens at the address of the issuer', 'Start the issuer'],
      at(`${NOTHING}/keys`),
    ),
    row(
      ['no such host', DOWN],
      [
        'The host name of the issuer is not found (DNS)',
        /": getaddrinfo E\w+ keys\.invalid\. Check/,
      ],
      at('https://keys.invalid/keys'),
    ),
    row(
      ['a certificate of nobody', DOWN],
      ['The certificate of the issuer is not trusted (TLS)', 'new Agent({ ca })'],
      at(secure),
      cured,
    ),
    row(
      ['an expired certificate', DOWN],
      ['The certificate of the issuer has expired (TLS)', /: certificate has expired\. Renew it/],
      trusting(await serveSecurely(world, json, EXPIRED), EXPIRED),
      cured,
    ),
    row(
      ['a certificate of another name', DOWN],
      [
        'The certificate of the issuer is for another host name (TLS)',
        /127\.0\.0\.1 is not in the cert's list\. Use a name of the certificate/,
      ],
      trusting(await serveSecurely(world, json, OF_ANOTHER_NAME), OF_ANOTHER_NAME),
      cured,
    ),
    row(
      ['https to a server of http', DOWN],
      ['The endpoint does not speak TLS', /^The keys are at "[^"]+": \S[^\n]*[^\s.]\. Its URL/],
      at(good.replace('http:', 'https:')),
    ),
    row(['no response', DOWN], ['The issuer does not respond in time', 'NAT gateway'], {
      ...at(silent),
      options: fast,
    }),
    row(['status 404', DOWN], ['The key endpoint responds with an error', '404'], (_, response) =>
      response.writeHead(404).end(),
    ),
    row(
      ['status 500', DOWN],
      ['The key endpoint responds with an error', 'Try again later'],
      (_, response) => response.writeHead(500).end(),
    ),
    row(
      ['a redirect', DOWN],
      ['The key endpoint redirects to another address', 'Location'],
      (_, response) => response.writeHead(302, { location: '/x' }).end(),
    ),
    row(
      ['the connection is closed', DOWN],
      ['The issuer cannot be reached', 'firewall'],
      (request) => request.socket.destroy(),
    ),
    row(
      ['a page', INVALID],
      ['The key endpoint returns something else than a key set', 'sign-in page'],
      (_, response) => response.end('<!doctype html>'),
    ),
    row(
      ['the metadata in place of the keys', INVALID],
      ['The key endpoint returns something else than a key set', '"jwks_uri"'],
      (_, response) => response.end('{"issuer":"x"}'),
    ),
    row(
      ['a proxy that asks for credentials', DOWN],
      ['A proxy asks for credentials', 'its user and password'],
      (_, response) => response.writeHead(407).end(),
    ),
    row(['a firewall', DOWN], ['The key endpoint denies access', 'firewall'], (_, response) =>
      response.writeHead(403).end(),
    ),
    row(
      ['an unusable set', INVALID],
      ['The key set has no key that can be used', 'algorithms'],
      (_, response) => response.end('{"keys":[{"kty":"oct","k":"AA"}]}'),
    ),
    row(['an empty set', INVALID], ['The key set is empty', 'Create a key'], (_, response) =>
      response.end('{"keys":[]}'),
    ),
    row(
      ['too many keys', INVALID],
      ['The answer of the key endpoint is too large', 'jwks.maxKeys'],
      { ...at(good), options: { jwks: { maxKeys: 1 } } },
    ),
    row(
      ['the metadata names another issuer', INVALID],
      ["The issuer's metadata names another issuer", '"issuer"'],
      { trusted: { issuer: wrongIssuer, audience: AUDIENCE }, token: inMetadata },
      { trusted: trust({ issuer: wrongIssuer, jwksUri: good }), token: inMetadata },
    ),
    row(
      ['a function that finds issuers fails', DOWN],
      ['The keys of the issuer are not available', 'the database is down'],
      {
        trusted: () => {
          throw new Error('the database is down')
        },
        token: sent,
      },
      { trusted: () => trust(), token: sent },
    ),
  ])
}

async function serveSecurely(
  { onClose }: World,
  listener: RequestListener,
  cert: string,
): Promise<string> {
  const server = createServer({ cert, key: PRIVATE_KEY }, listener)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onClose(server)
  return `https://127.0.0.1:${(server.address() as AddressInfo).port}/keys`
}
