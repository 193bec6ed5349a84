/**
 * A minimal stand-in for an API Gateway REST API: it calls a Lambda authorizer, applies its policy, and passes its context to a
 * handler, as AWS documents it. It shows an authorizer at work, but is not an emulator.
 */
import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http'
import type { APIGatewayAuthorizerResult } from 'aws-lambda'
import { createAuthorizerEvent, createHandlerEvent } from 'jwt-gate/testing'

interface Answer {
  readonly statusCode: number
  readonly body: string
}

type Authorizer = (event: ReturnType<typeof toEvent>) => Promise<unknown>
type Handler = (event: unknown) => Promise<Answer>

/** Creates a server with one authorizer and one handler for all routes. */
export function createLocalApiGateway(authorizer: Authorizer, handler: Handler): Server {
  const listener: RequestListener = (req, res) => {
    void answer(authorizer, handler, req)
      .catch(() => ({ statusCode: 500, body: '{"message":null}' }))
      .then(({ statusCode, body }) => {
        res.writeHead(statusCode, { 'content-type': 'application/json' }).end(body)
      })
  }
  return createServer(listener)
}

async function answer(
  authorizer: Authorizer,
  handler: Handler,
  req: IncomingMessage,
): Promise<Answer> {
  // the Authorization header is the identity source: without it, API Gateway does not call the authorizer
  if (req.headers.authorization === undefined) return refuse(401, 'Unauthorized')
  const result = await ask(authorizer, req)
  if (result === 'Unauthorized') return refuse(401, result)
  const isAllowed = result.policyDocument.Statement.every((one) => one.Effect === 'Allow')
  if (!isAllowed) return refuse(403, 'User is not authorized to access this resource')
  const { context = {}, principalId } = result
  return handler(createHandlerEvent('rest-lambda', { context, principalId }))
}

async function ask(
  authorizer: Authorizer,
  req: IncomingMessage,
): Promise<APIGatewayAuthorizerResult | 'Unauthorized'> {
  try {
    return (await authorizer(toEvent(req))) as APIGatewayAuthorizerResult
  } catch (error) {
    // exactly this message means 401; any other error is a failure of the authorizer
    if (error instanceof Error && error.message === 'Unauthorized') return 'Unauthorized'
    throw error
  }
}

function toEvent(req: IncomingMessage) {
  const headers = { authorization: req.headers.authorization ?? '' }
  const path = new URL(`http://localhost${req.url}`).pathname
  return createAuthorizerEvent('rest-request', { method: req.method ?? 'GET', path, headers })
}

function refuse(statusCode: number, message: string): Answer {
  return { statusCode, body: JSON.stringify({ message }) }
}
