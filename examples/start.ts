/**
 * `npm start`: an issuer, an Express API, and a Lambda authorizer behind a local API Gateway, all on loopback.
 * With COGNITO_USER_POOL_ID and COGNITO_CLIENT_ID set, that user pool replaces the issuer.
 */
import { createServer, type Server } from 'node:http'
import express from 'express'
import { cognito, createVerifier, type Verifier } from 'jwt-gate'
import { authErrorHandler, getAuth, requireJwt } from 'jwt-gate/express'
import { createAuthorizer } from 'jwt-gate/lambda-authorizer'
import { createTestIssuer } from 'jwt-gate/testing'
import { handler } from './handler.ts'
import { createLocalApiGateway } from './local-api-gateway.ts'
import { type Tokens, toLines, toScenes } from './story.ts'

const { COGNITO_USER_POOL_ID: userPoolId, COGNITO_CLIENT_ID: clientId } = process.env
const FIRST_PORT = 3000

process.once('SIGINT', () => process.exit(0))
process.once('SIGTERM', () => process.exit(0))

if (userPoolId && clientId) {
  const verifier = createVerifier(cognito({ userPoolId, clientId, tokenUse: 'access' }))
  console.log(
    `Tokens of the user pool ${userPoolId} are accepted. Put an access token into TOKEN.\n`,
  )
  await tell(verifier, { good: '$TOKEN' })
} else {
  const issuer = await createTestIssuer()
  const origin = await listenFrom(FIRST_PORT + 2, issuer.listen)
  const verifier = createVerifier(
    cognito({
      userPoolId: issuer.userPoolId,
      clientId: issuer.clientId,
      tokenUse: 'access',
      issuer: issuer.issuer,
    }),
  )
  console.log('# A token from the issuer (client credentials) -> 200')
  console.log(`curl -i ${origin}/oauth2/token -d grant_type=client_credentials\n`)
  const good = await issuer.accessToken()
  const anHourAgo = Math.floor(Date.now() / 1_000) - 3_600
  await tell(verifier, {
    good,
    expired: await issuer.accessToken({ iat: anHourAgo - 3_600, exp: anHourAgo }),
    // the signature of another token
    forged: good.replace(/[^.]+$/, (await issuer.accessToken()).split('.')[2] as string),
    id: await issuer.idToken(),
  })
}
console.log('Ctrl-C ends it.')

/** Starts both servers and prints requests to try. */
async function tell(verifier: Verifier, tokens: Tokens): Promise<void> {
  const app = express()
  app.get('/profile', requireJwt(verifier), (req, res) => res.json(getAuth(req).claims))
  app.use(authErrorHandler())
  const api = await listenFrom(FIRST_PORT, (port) => listen(createServer(app), port))

  const authorizer = createAuthorizer(verifier, {
    onEvent: (event) => console.log('authorizer:', JSON.stringify(event)),
  })
  const gateway = await listenFrom(FIRST_PORT + 1, (port) =>
    listen(createLocalApiGateway(authorizer, handler), port),
  )
  for (const scene of toScenes(api, gateway, tokens)) console.log(toLines(scene))
}

/** Uses the first free port. */
async function listenFrom(port: number, start: (port: number) => Promise<string>): Promise<string> {
  try {
    return await start(port)
  } catch (error) {
    if ((error as { code?: string }).code !== 'EADDRINUSE') throw error
    console.log(`Port ${port} is taken, trying the next one.`)
    return listenFrom(port + 1, start)
  }
}

function listen(server: Server, port: number): Promise<string> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', () => resolve(`http://127.0.0.1:${port}`))
  })
}
