/**
 * The entries that need no types of others: neither those of Express nor those of Lambda.
 */
import {
  AccessError,
  type AccessRule,
  authorize,
  type CognitoAccessClaims,
  cognito,
  createVerifier,
  isJwtGateError,
  type JwtClaims,
  type JwtGateErrorCode,
  KeysError,
  type StandardSchemaV1,
  TokenError,
  type TrustedIssuer,
  type VerifiedToken,
  type Verifier,
  type VerifierEvent,
  type VerifierOptions,
} from 'jwt-gate'
import { type Explanation, explain, explainer, formatExplanation } from 'jwt-gate/explain'
import { errorResponse, verifyRequest } from 'jwt-gate/fetch'
import { type Auth0Claims, auth0, type EntraV2Claims, entra, keycloak } from 'jwt-gate/issuers'
import { alb, type EventResult, errorResult, verifyEvent } from 'jwt-gate/lambda'
import {
  type AuthorizerHandler,
  claimsFromEvent,
  createAppSyncAuthorizer,
  createAuthorizer,
  type PolicyResult,
  type SimpleResult,
} from 'jwt-gate/lambda-authorizer'
import * as slimmer from 'jwt-gate/slim'
import {
  createRevocations,
  memoryReplayStore,
  memoryRevocationStore,
  type NodeRedisClient,
  type ReplayStore,
  type Revocations,
  redisReplayStore,
} from 'jwt-gate/stores'

type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false
/** Compiles only if the types are the same: `any` is the same as nothing else. */
function expectSame<A, B>(_: Same<A, B>): void {}

const trusted: TrustedIssuer = { issuer: 'https://idp.example', audience: 'https://api.example' }
const options: VerifierOptions = {
  clockToleranceSeconds: 5,
  onEvent: (event: VerifierEvent) => expectSame<typeof event.type, VerifierEvent['type']>(true),
  dpop: { replay: memoryReplayStore({ max: 1000 }) },
}
export const verifier: Verifier<JwtClaims> = createVerifier(trusted, options)

export async function claims(token: string): Promise<void> {
  const pool = {
    userPoolId: 'eu-west-1_Example',
    clientId: '1example',
    tokenUse: 'access',
  } as const
  const verified = await createVerifier(cognito(pool)).verify(token)
  expectSame<typeof verified, VerifiedToken<CognitoAccessClaims>>(true)
  expectSame<(typeof verified.claims)['custom:tenant'], unknown>(true)
  expectSame<typeof verified.claims.token_use, 'access'>(true)

  const schema: StandardSchemaV1<unknown, { tenant: string }> = {
    '~standard': { version: 1, vendor: 'own', validate: () => ({ value: { tenant: 'acme' } }) },
  }
  const typed = createVerifier({ ...trusted, claims: schema }).verifySync(token)
  expectSame<typeof typed.claims, { tenant: string }>(true)
}

export function presets(token: string): void {
  const audience = '11111111-2222-3333-4444-555555555555'
  const tenant = createVerifier(auth0({ domain: 'tenant.eu.auth0.com', audience }))
  const tenants = createVerifier(entra({ tenantId: 'any', audience }))
  const realm = createVerifier(keycloak({ url: 'https://sso.example', realm: 'r', audience }))
  expectSame<ReturnType<typeof tenant.verifySync>['claims'], Auth0Claims>(true)
  expectSame<ReturnType<typeof tenants.verifySync>['claims'], EntraV2Claims>(true)
  realm.verifySync(token)
}

export function describe(error: unknown): JwtGateErrorCode | undefined {
  if (error instanceof TokenError || error instanceof AccessError) return error.code
  if (error instanceof KeysError) expectSame<typeof error.retryAfterSeconds, number>(true)
  if (!isJwtGateError(error)) return undefined
  expectSame<typeof error.status, number>(true)
  return error.code
}

const rule: AccessRule<JwtClaims> = { scopes: ['orders/read'], check: ({ claims }) => !!claims.sub }

export async function respond(request: Request): Promise<Response> {
  try {
    const verified = await verifyRequest(verifier, request)
    authorize(verified, rule)
    return new Response(verified.claims.sub)
  } catch (error) {
    return errorResponse(error)
  }
}

export async function handle(event: object): Promise<EventResult> {
  try {
    await verifyEvent(verifier, event)
    throw new Error(claimsFromEvent(event).sub)
  } catch (error) {
    return errorResult(error, event)
  }
}

export const authorizer: AuthorizerHandler<'policy'> = createAuthorizer(verifier, {
  access: { 'GET /orders': {}, 'POST /orders': { scopes: ['orders/write'] } },
  context: ({ claims }) => ({ sub: claims.sub ?? null }),
  explain: explainer(verifier),
})
export const slim: AuthorizerHandler<'policy'> = slimmer.createAuthorizer(
  slimmer.createVerifier(trusted),
)
const simple = createAuthorizer(verifier, { response: 'simple' })
expectSame<Awaited<ReturnType<typeof authorizer>>, PolicyResult>(true)
expectSame<Awaited<ReturnType<typeof simple>>, SimpleResult>(true)
export const graphQl = createAppSyncAuthorizer(verifier)

export async function why(token: string): Promise<string> {
  const explanation: Explanation = await explain(verifier, token)
  return formatExplanation(explanation, { color: false })
}

const revocations: Revocations = createRevocations({
  store: memoryRevocationStore(),
  whenStale: 'refuse',
})
export const guarded = createVerifier(trusted, { revocations })
export const shared = (client: NodeRedisClient): ReplayStore => redisReplayStore(client)
export const loadBalancer = alb({
  loadBalancerArn: 'arn:aws:elasticloadbalancing:eu-west-1:1:loadbalancer/app/web/0123456789abcdef',
  clientId: 'web',
  issuer: 'https://idp.example',
})
