/**
 * The public types of the authorizer: it is assignable to each handler type of `@types/aws-lambda`.
 */
import type {
  APIGatewayAuthorizerHandler,
  APIGatewayAuthorizerResult,
  APIGatewayRequestAuthorizerHandler,
  APIGatewayRequestIAMAuthorizerHandlerV2,
  APIGatewayRequestSimpleAuthorizerHandlerV2,
  APIGatewaySimpleAuthorizerResult,
  APIGatewayTokenAuthorizerHandler,
} from 'aws-lambda'
import type { CognitoAccessClaims, JwtClaims, VerifiedToken, Verifier } from 'jwt-gate'
import {
  type AuthorizerEvent,
  type AuthorizerOptions,
  type AuthorizerResponse,
  type AuthorizerResult,
  claimsFromEvent,
  createAuthorizer,
  type PolicyResult,
  type SimpleResult,
} from 'jwt-gate/lambda-authorizer'
import { createAuthorizerEvent, createHandlerEvent } from 'jwt-gate/testing'
import { describe, expectTypeOf, test } from 'vitest'

declare const verifier: Verifier<CognitoAccessClaims>

describe('createAuthorizer', () => {
  test('returns a policy by default, for every handler type of REST and HTTP APIs', () => {
    const handler = createAuthorizer(verifier)

    expectTypeOf(handler).toEqualTypeOf<
      (event: unknown, context?: unknown) => Promise<PolicyResult>
    >()
    expectTypeOf(handler).toExtend<APIGatewayAuthorizerHandler>()
    expectTypeOf(handler).toExtend<APIGatewayRequestAuthorizerHandler>()
    expectTypeOf(handler).toExtend<APIGatewayTokenAuthorizerHandler>()
    expectTypeOf(handler).toExtend<APIGatewayRequestIAMAuthorizerHandlerV2>()
    expectTypeOf<PolicyResult>().toExtend<APIGatewayAuthorizerResult>()
  })

  test('returns a policy with options that omit the response', () => {
    const handler = createAuthorizer(verifier, { unauthorized: 'deny', onEvent: () => undefined })

    expectTypeOf(handler).returns.resolves.toEqualTypeOf<PolicyResult>()
  })

  test('returns a simple response if the option says so', () => {
    const handler = createAuthorizer(verifier, { response: 'simple' })

    expectTypeOf(handler).returns.resolves.toEqualTypeOf<SimpleResult>()
    expectTypeOf(handler).toExtend<APIGatewayRequestSimpleAuthorizerHandlerV2>()
    expectTypeOf<SimpleResult>().toExtend<APIGatewaySimpleAuthorizerResult>()
    expectTypeOf(handler).not.toExtend<APIGatewayAuthorizerHandler>()
  })

  test('returns either form if the option is not known at compile time', () => {
    const response = 'simple' as AuthorizerResponse
    const handler = createAuthorizer(verifier, { response })

    expectTypeOf(handler).returns.resolves.toEqualTypeOf<PolicyResult | SimpleResult>()
    expectTypeOf<AuthorizerResult>().toEqualTypeOf<PolicyResult | SimpleResult>()
  })

  test('passes the claims type of the verifier to the options', () => {
    createAuthorizer(verifier, {
      context: (verified) => {
        expectTypeOf(verified).toEqualTypeOf<VerifiedToken<CognitoAccessClaims>>()
        return { user: verified.claims.username ?? null }
      },
      principalId: ({ claims }) => {
        expectTypeOf(claims).toEqualTypeOf<CognitoAccessClaims>()
        return claims.client_id
      },
      onEvent: (event) => expectTypeOf(event).toEqualTypeOf<AuthorizerEvent>(),
    })
  })

  test('rejects a context that API Gateway would not accept', () => {
    // @ts-expect-error a list is not a scalar
    createAuthorizer(verifier, { context: () => ({ groups: ['admin'] }) })
    // @ts-expect-error a promise comes too late
    createAuthorizer(verifier, { context: async () => ({ a: 'b' }) })
  })

  test('rejects unknown options and values', () => {
    // @ts-expect-error there are two responses
    createAuthorizer(verifier, { response: 'iam' })
    // @ts-expect-error a misspelt option
    createAuthorizer(verifier, { unauthorised: 'deny' })
    // @ts-expect-error a principal is a string
    createAuthorizer(verifier, { principalId: () => 7 })
  })

  test('accepts options of a declared type', () => {
    const options: AuthorizerOptions<CognitoAccessClaims, 'policy'> = { unauthorized: 'throw' }

    expectTypeOf(createAuthorizer(verifier, options)).returns.resolves.toEqualTypeOf<PolicyResult>()
  })

  test('narrows events by their type', () => {
    const listen = (event: AuthorizerEvent): string | readonly string[] | undefined => {
      switch (event.type) {
        case 'authorizer.refused':
          return event.error.code
        case 'authorizer.context_reduced':
          return event.dropped
        case 'authorizer.failed':
          expectTypeOf(event.error).toBeUnknown()
          return event.gateway
      }
    }

    expectTypeOf(listen).parameter(0).not.toBeAny()
  })
})

describe('claimsFromEvent', () => {
  test('returns the registered claims by default', () => {
    expectTypeOf(claimsFromEvent({})).toEqualTypeOf<JwtClaims>()
    expectTypeOf(claimsFromEvent<CognitoAccessClaims>({})).toEqualTypeOf<CognitoAccessClaims>()
    expectTypeOf(claimsFromEvent).parameter(0).toBeUnknown()
  })

  test('returns optional claims with "partial": true', () => {
    expectTypeOf(claimsFromEvent({}, { partial: false })).toEqualTypeOf<JwtClaims>()
    expectTypeOf(claimsFromEvent<CognitoAccessClaims>({}, { partial: true })).toEqualTypeOf<
      Partial<CognitoAccessClaims>
    >()
    expectTypeOf(claimsFromEvent({}, { lists: ['roles'] })).toEqualTypeOf<JwtClaims>()
  })
})

describe('the events of the testing kit', () => {
  test('are accepted by handlers of these types', () => {
    const request: APIGatewayRequestAuthorizerHandler = createAuthorizer(verifier)

    expectTypeOf(createAuthorizerEvent('rest-request')).toExtend<Parameters<typeof request>[0]>()
    expectTypeOf(createAuthorizerEvent('rest-token').type).toEqualTypeOf<'TOKEN'>()
    expectTypeOf(createAuthorizerEvent('http-1.0').version).toEqualTypeOf<'1.0'>()
    expectTypeOf(createAuthorizerEvent('http-2.0').routeArn).toBeString()
    expectTypeOf(createAuthorizerEvent('websocket').requestContext.connectionId).toBeString()
    expectTypeOf(
      createHandlerEvent('rest-cognito').requestContext.authorizer.claims,
    ).toEqualTypeOf<{ [name: string]: string }>()
  })
})
