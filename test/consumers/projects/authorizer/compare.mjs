/**
 * Sends the same requests to an authorizer and to a bundle of it. The arguments are their paths. Prints the results of both.
 */
import { createRequire } from 'node:module'
import { createAuthorizerEvent, createTestIssuer } from 'jwt-gate/testing'

const issuer = await createTestIssuer()
await issuer.listen()
process.env.USER_POOL_ID = issuer.userPoolId
process.env.CLIENT_ID = issuer.clientId
process.env.ISSUER = issuer.issuer

const [, , source, bundle] = process.argv
const require = createRequire(import.meta.url)
const load = (path) => (path.endsWith('.cjs') ? require(path) : import(path))
const handlers = [await load(source), await load(bundle)]
const tokens = [
  await issuer.accessToken({ sub: 'alice', scope: 'orders/write' }),
  await issuer.accessToken({ sub: 'bob', 'cognito:groups': ['staff'] }),
  await issuer.accessToken({ exp: 1 }),
  await issuer.idToken(),
]
const results = handlers.map(() => [])
for (const token of tokens) {
  const event = createAuthorizerEvent('rest-request', { path: '/orders', token })
  for (const [at, { handler }] of handlers.entries()) {
    results[at].push(await handler(event).catch(({ message }) => message))
  }
}
await issuer.close()
console.log(JSON.stringify({ unbundled: results[0], bundled: results[1] }))
