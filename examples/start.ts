/**
 * `npm start`: an issuer, an Express API, a Lambda authorizer behind a local API Gateway, and a page to try them on, all on loopback.
 * With COGNITO_USER_POOL_ID and COGNITO_CLIENT_ID set, that user pool replaces the issuer.
 */
import { createServer, type Server } from 'node:http'
import { createAuthorizer } from 'jwt-gate/lambda-authorizer'
import { handler } from './handler.ts'
import { createEmbeddedDemo, createPoolDemo, type Demo } from './start/demo.ts'
import { createExpressApi } from './start/express-api.ts'
import { createLocalApiGateway } from './start/local-api-gateway.ts'
import { findPage } from './start/page-files.ts'
import { createPageServer } from './start/page-server.ts'
import { ACCESS } from './start/sample.ts'
import { createSignInServer } from './start/sign-in-server.ts'
import { tellEmbedded, tellPool, toPlaces } from './start/story.ts'
import { type RequestTrace, traced } from './start/trace.ts'
import { listen, listenFrom } from './start/web.ts'

const { COGNITO_USER_POOL_ID: userPoolId, COGNITO_CLIENT_ID: clientId } = process.env
// the page, the Express API, API Gateway, the issuer, its sign-in page
const [PAGE, EXPRESS, GATEWAY, ISSUER, SIGN_IN] = [3000, 3001, 3002, 3003, 3004] as const

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
    : await createEmbeddedDemo((issuer) => listenFrom(ISSUER, issuer.listen, sayTaken))
const { origins } = demo
await startServers(demo)

console.log('jwt-gate demo. Everything listens on 127.0.0.1, so only this machine can reach it.\n')
for (const line of toPlaces(origins)) console.log(line)
console.log()
for (const line of demo.embedded
  ? tellEmbedded(origins)
  : tellPool(origins, demo.pool.userPoolId)) {
  console.log(line)
}
console.log('Ctrl-C ends it.')
demo.trace.on('request', print)

/** Starts the page first: the others need its origin for CORS and redirects. */
async function startServers({ verifier, trace, allowedOrigin, embedded, isIssuerDown }: Demo) {
  const page = findPage()
  const start = (server: Server, port: number) =>
    listenFrom(port, (free) => listen(server, free), sayTaken)
  origins.page = await start(createPageServer(demo, page), PAGE)

  const app = createExpressApi({ verifier, trace, allowedOrigin })
  origins.express = await start(createServer(app), EXPRESS)

  const authorizer = createAuthorizer(traced(verifier, trace), {
    access: ACCESS,
    onEvent: (event) => trace.stop('error' in event ? event.error : event.type),
  })
  const gateway = createLocalApiGateway({ authorizer, handler, trace, allowedOrigin })
  origins.gateway = await start(gateway, GATEWAY)

  if (embedded === undefined) return
  const signIn = createSignInServer({
    authorization: embedded.authorization,
    page,
    origin: () => origins.signIn,
    clientOrigin: () => origins.page,
    isDown: isIssuerDown,
  })
  origins.signIn = await start(signIn, SIGN_IN)
}

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
