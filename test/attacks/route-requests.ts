/**
 * A route map, tokens of different callers, and every form of response of an authorizer: for all routes, for one request, or
 * simple.
 */
import { type AccessRule, createVerifier } from 'jwt-gate'
import { type AuthorizerEvent, createAuthorizer } from 'jwt-gate/lambda-authorizer'
import { createAuthorizerEvent, createTestIssuer } from 'jwt-gate/testing'
import { isAllowedByIam, type Statement } from '../lambda-authorizer/iam.ts'
import { claimsOf, now, trust } from './setup.ts'

const issuer = await createTestIssuer({ now })
const verifier = createVerifier(trust(issuer), { now })
export const user = await issuer.token(claimsOf(issuer))
export const admin = await issuer.token({ ...claimsOf(issuer), groups: ['admin'] })

type Access = Record<string, AccessRule>
export const ADMIN_ONLY = { groups: ['admin'] }
const access: Access = { 'GET /admin': ADMIN_ONLY, 'GET /{proxy+}': {} }

type Gateway = 'rest-request' | 'rest-token' | 'http-1.0' | 'http-2.0'
interface Mode {
  readonly gateway: Gateway
  readonly options: { readonly policy?: 'request'; readonly response?: 'simple' }
}
export const MODES: [string, Mode][] = [
  ...(['rest-request', 'rest-token', 'http-1.0', 'http-2.0'] as const).flatMap(
    (gateway): [string, Mode][] => [
      [`a policy of ${gateway}`, { gateway, options: {} }],
      [`a policy of ${gateway} for the request`, { gateway, options: { policy: 'request' } }],
    ],
  ),
  [
    'a simple response',
    { gateway: 'http-2.0', options: { policy: 'request', response: 'simple' } },
  ],
]

interface Asked {
  readonly token: string
  readonly method?: string
  readonly path: string
  /** The path of the route that API Gateway chose. */
  readonly resource?: string
  /** Another path, to which the same policy is applied again. */
  readonly later?: string
  readonly map?: Access
  readonly change?: object
}

/** Whether a request is allowed, or `'failed'` with the reported error. */
export async function ask({ gateway, options }: Mode, asked: Asked): Promise<unknown> {
  const { map = access, later, change, ...request } = asked
  const told: AuthorizerEvent[] = []
  const onEvent = (event: AuthorizerEvent) => void told.push(event)
  const handler = createAuthorizer(verifier, { access: map, onEvent, ...options } as never)
  const event = createAuthorizerEvent(gateway, request) as {
    methodArn?: string
    routeArn?: string
  }
  const arn = event.methodArn ?? (event.routeArn as string)
  try {
    const answer = (await handler({ ...event, ...change })) as never
    return read(answer, later === undefined ? arn : arn.replace(/(\/GET)\/.*/s, `$1${later}`))
  } catch {
    const [failed] = told.filter(({ type }) => type === 'authorizer.failed')
    return `failed: ${(failed as unknown as { error: Error }).error.message}`
  }
}

function read(
  answer: { isAuthorized: boolean } | { policyDocument: { Statement: Statement[] } },
  arn: string,
): boolean {
  if ('isAuthorized' in answer) return answer.isAuthorized
  return isAllowedByIam(answer.policyDocument.Statement, arn)
}

export const NAMING = MODES.filter(([, { gateway }]) => gateway !== 'rest-token')
