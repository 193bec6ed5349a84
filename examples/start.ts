/**
 * `npm start`: an issuer, an Express API, a Lambda authorizer behind a local API Gateway, and a page to try them on, all on loopback.
 * With COGNITO_USER_POOL_ID and COGNITO_CLIENT_ID set, that user pool replaces the issuer.
 */
import { createEmbeddedDemo, createPoolDemo } from './start/demo.ts'
import { startServers } from './start/servers.ts'
import { tellEmbedded, tellPool, toPlaces } from './start/story.ts'
import type { RequestTrace } from './start/trace.ts'
import { listen, listenFrom } from './start/web.ts'

const { COGNITO_USER_POOL_ID: userPoolId, COGNITO_CLIENT_ID: clientId } = process.env
const ISSUER_PORT = 3003

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
    : await createEmbeddedDemo((issuer) => listenFrom(ISSUER_PORT, issuer.listen, sayTaken))
await startServers(demo, (server, port) =>
  listenFrom(port, (free) => listen(server, free), sayTaken),
)
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

function sayTaken(port: number): void {
  console.log(`Port ${port} is taken, trying the next one.`)
}
