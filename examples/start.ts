/**
 * `npm start`: an issuer, an Express API, a Lambda authorizer behind a local API Gateway, and a page to try them on, all on loopback.
 * With COGNITO_USER_POOL_ID and COGNITO_CLIENT_ID set, that user pool replaces the issuer.
 */
import { createEmbeddedDemo, createPoolDemo } from './start/demo.ts'
import { startServers } from './start/servers.ts'
import { tellEmbedded, tellPool, toPlaces } from './start/story.ts'
import type { RequestTrace } from './start/trace.ts'
import { listen, Ports } from './start/web.ts'

const { COGNITO_USER_POOL_ID: userPoolId, COGNITO_CLIENT_ID: clientId } = process.env
const ISSUER_PORT = 3003
const ports = new Ports()

process.once('SIGINT', () => process.exit(0))
process.once('SIGTERM', () => process.exit(0))

if (Boolean(userPoolId) !== Boolean(clientId)) {
  const missing = userPoolId ? 'COGNITO_CLIENT_ID' : 'COGNITO_USER_POOL_ID'
  console.error(`"${missing}" is not set. Set both variables to use your user pool, or neither.`)
  process.exit(1)
}

const demo =
  userPoolId && clientId
    ? createPoolDemo({ userPoolId, clientId })
    : await createEmbeddedDemo((issuer) => ports.listen(ISSUER_PORT, issuer.listen))
await startServers(demo, (server, port) => ports.listen(port, (free) => listen(server, free)))
if (ports.taken.length > 0) {
  console.log(`Ports taken: ${ports.taken.join(', ')}. The next free ones are used.`)
}
const { origins, embedded, pool, trace } = demo
const story = embedded ? tellEmbedded(origins) : tellPool(origins, pool.userPoolId)
console.log('jwt-gate demo. Everything listens on 127.0.0.1, so only this machine can reach it.\n')
console.log([...toPlaces(origins), '', ...story, 'Ctrl-C ends it.'].join('\n'))
trace.on('request', print)

/** One line for each response. */
function print({ surface, method, path, status, steps }: RequestTrace): void {
  if (status === undefined) return
  const stop = steps.find(({ outcome }) => outcome !== 'passed')
  const way = surface === 'express' ? 'Express' : 'API Gateway'
  console.log(`${way}: ${method} ${path} -> ${status} ${stop?.note ?? ''}`.trimEnd())
}
