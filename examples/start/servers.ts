/**
 * Starts the servers of the demo.
 */
import { createServer, type Server } from 'node:http'
import { createAuthorizer } from 'jwt-gate/lambda-authorizer'
import { handler } from '../handler.ts'
import type { Demo } from './demo.ts'
import { createExpressApi } from './express-api.ts'
import { createLocalApiGateway } from './local-api-gateway.ts'
import { findPage } from './page-files.ts'
import { createPageServer } from './page-server.ts'
import { ACCESS } from './sample.ts'
import { createSignInServer } from './sign-in-server.ts'
import { traced } from './trace.ts'

/** Makes a server listen, for example on the first free port from `port` on. Returns its origin. */
export type Start = (server: Server, port: number) => Promise<string>

const [PAGE, EXPRESS, GATEWAY, SIGN_IN] = [3000, 3001, 3002, 3004] as const

/** The page comes first: the others need its origin for CORS and redirects. */
export async function startServers(demo: Demo, start: Start): Promise<void> {
  const { origins, verifier, trace, allowedOrigin, embedded, isIssuerDown } = demo
  const page = findPage()
  origins.page = await start(createPageServer(demo, page), PAGE)

  const app = createExpressApi({ verifier, trace, allowedOrigin, origin: () => origins.express })
  origins.express = await start(createServer(app), EXPRESS)

  const authorizer = createAuthorizer(traced(verifier, trace), {
    access: ACCESS,
    onEvent: (event) => trace.stop('error' in event ? event.error : event.type),
    explain: trace.explainer(verifier),
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
