/**
 * A minimal stand-in for an API Gateway REST API: it calls a Lambda authorizer, applies its policy, and passes its context to a
 * handler, as AWS documents it. It shows an authorizer at work, but is not an emulator.
 */
import { createServer, type IncomingMessage, type Server } from 'node:http'
import type { APIGatewayAuthorizerResult, PolicyDocument } from 'aws-lambda'
import { createAuthorizerEvent, createHandlerEvent } from 'jwt-gate/testing'
import type { Trace } from './trace.ts'

interface Settings {
  readonly authorizer: (event: ReturnType<typeof toEvent>) => Promise<unknown>
  readonly handler: (event: unknown) => Promise<Answer>
  readonly trace: Trace
  /** The origin in the CORS headers of the API; `undefined` if CORS is not set up. */
  readonly allowedOrigin: () => string | undefined
}

interface Answer {
  readonly statusCode: number
  readonly body: string
}

const OK = 200

/** Creates a server with one authorizer and one handler for all routes. */
export function createLocalApiGateway(settings: Settings): Server {
  const { trace, allowedOrigin } = settings
  return createServer((req, res) => {
    void trace.follow('gateway', req, async () => {
      const { statusCode, body } = await answer(settings, req).catch((error) => {
        trace.stop(error)
        return refuse(500, null)
      })
      res.writeHead(statusCode, {
        'content-type': 'application/json',
        ...toCorsHeaders(allowedOrigin()),
      })
      res.end(statusCode === 204 ? undefined : body)
      trace.end(statusCode)
    })
  })
}

async function answer(settings: Settings, req: IncomingMessage): Promise<Answer> {
  const { authorizer, handler, trace, allowedOrigin } = settings
  if (req.method === 'OPTIONS') return answerPreflight(trace, allowedOrigin())
  // the Authorization header is the identity source: without it, API Gateway does not call the authorizer
  if (req.headers.authorization === undefined) {
    trace.stop('no identity source')
    return refuse(401, 'Unauthorized')
  }
  trace.pass('received')
  const event = toEvent(req)
  const result = await ask(authorizer, event)
  if (result === 'Unauthorized') return refuse(401, result)
  if (!isAllowed(result.policyDocument, event.methodArn)) {
    trace.stop('the policy denies this route')
    return refuse(403, 'User is not authorized to access this resource')
  }
  trace.pass('the policy allows this route')
  const { context = {}, principalId } = result
  const answered = await handler(createHandlerEvent('rest-lambda', { context, principalId }))
  trace.pass(answered.statusCode === OK ? 'returned the claims' : 'answered')
  return answered
}

/** With CORS set up, a REST API has an OPTIONS method with a mock integration and no authorizer; otherwise no such method. */
function answerPreflight(trace: Trace, allowedOrigin: string | undefined): Answer {
  if (allowedOrigin === undefined) {
    trace.stop('no OPTIONS method')
    return refuse(403, 'Missing Authentication Token')
  }
  trace.pass('answered the preflight')
  return { statusCode: 204, body: '' }
}

async function ask(
  authorizer: Settings['authorizer'],
  event: ReturnType<typeof toEvent>,
): Promise<APIGatewayAuthorizerResult | 'Unauthorized'> {
  try {
    return (await authorizer(event)) as APIGatewayAuthorizerResult
  } catch (error) {
    // exactly this message means 401; any other error is a failure of the authorizer
    if (error instanceof Error && error.message === 'Unauthorized') return 'Unauthorized'
    throw error
  }
}

/** As IAM decides: a Deny that matches wins, and without an Allow that matches, the answer is no. */
function isAllowed({ Statement }: PolicyDocument, arn: string): boolean {
  const effects = Statement.filter((one) => matches(one, arn)).map(({ Effect }) => Effect)
  return effects.includes('Allow') && !effects.includes('Deny')
}

function matches(statement: PolicyDocument['Statement'][number], arn: string): boolean {
  const patterns = 'Resource' in statement ? [statement.Resource].flat() : []
  return patterns.some((pattern) => toRegExp(String(pattern)).test(arn))
}

/** IAM's `*` is any text, and `?` any character. */
function toRegExp(pattern: string): RegExp {
  const escaped = pattern.replace(/[.+^${}()|[\]\\]/g, '\\$&')
  return new RegExp(`^${escaped.replaceAll('*', '.*').replaceAll('?', '.')}$`, 's')
}

function toEvent(req: IncomingMessage) {
  const headers = { authorization: req.headers.authorization ?? '' }
  const path = new URL(`http://localhost${req.url}`).pathname
  return createAuthorizerEvent('rest-request', { method: req.method ?? 'GET', path, headers })
}

function toCorsHeaders(allowedOrigin: string | undefined): Record<string, string> {
  if (allowedOrigin === undefined) return {}
  return {
    'access-control-allow-origin': allowedOrigin,
    'access-control-allow-headers': 'Authorization',
    'access-control-allow-methods': 'GET',
    'access-control-max-age': '0',
    vary: 'Origin',
  }
}

function refuse(statusCode: number, message: string | null): Answer {
  return { statusCode, body: JSON.stringify({ message }) }
}
