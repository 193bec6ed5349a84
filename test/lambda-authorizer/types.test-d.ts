/**
 * The types that users of the authorizer see: it fits every handler type of `@types/aws-lambda` as it is.
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
  test('answers a policy by default, for every handler type of REST and HTTP APIs', () => {
    const handler = createAuthorizer(verifier)

    expectTypeOf(handler).toEqualTypeOf<(event: unknown) => Promise<PolicyResult>>()
    expectTypeOf(handler).toExtend<APIGatewayAuthorizerHandler>()
    expectTypeOf(handler).toExtend<APIGatewayRequestAuthorizerHandler>()
    expectTypeOf(handler).toExtend<APIGatewayTokenAuthorizerHandler>()
    expectTypeOf(handler).toExtend<APIGatewayRequestIAMAuthorizerHandlerV2>()
    expectTypeOf<PolicyResult>().toExtend<APIGatewayAuthorizerResult>()
  })

  test('answers a policy with options that do not speak of the response', () => {
    const handler = createAuthorizer(verifier, { unauthorized: 'deny', onEvent: () => undefined })

    expectTypeOf(handler).returns.resolves.toEqualTypeOf<PolicyResult>()
  })

  test('answers simply where the option says so', () => {
    const handler = createAuthorizer(verifier, { response: 'simple' })

    expectTypeOf(handler).returns.resolves.toEqualTypeOf<SimpleResult>()
    expectTypeOf(handler).toExtend<APIGatewayRequestSimpleAuthorizerHandlerV2>()
    expectTypeOf<SimpleResult>().toExtend<APIGatewaySimpleAuthorizerResult>()
    expectTypeOf(handler).not.toExtend<APIGatewayAuthorizerHandler>()
  })

  test('answers either where the option is not known before', () => {
    const response = 'simple' as AuthorizerResponse
    const handler = createAuthorizer(verifier, { response })

    expectTypeOf(handler).returns.resolves.toEqualTypeOf<PolicyResult | SimpleResult>()
    expectTypeOf<AuthorizerResult>().toEqualTypeOf<PolicyResult | SimpleResult>()
  })

  test('gives the options the claims of the verifier', () => {
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

  test('takes no context that API Gateway would not take', () => {
    // @ts-expect-error a list is no scalar
    createAuthorizer(verifier, { context: () => ({ groups: ['admin'] }) })
    // @ts-expect-error a promise comes too late
    createAuthorizer(verifier, { context: async () => ({ a: 'b' }) })
  })

  test('takes no option that it does not have', () => {
    // @ts-expect-error there are two responses
    createAuthorizer(verifier, { response: 'iam' })
    // @ts-expect-error a misspelt option
    createAuthorizer(verifier, { unauthorised: 'deny' })
    // @ts-expect-error a principal is a string
    createAuthorizer(verifier, { principalId: () => 7 })
  })

  test('takes options that were typed before', () => {
    const options: AuthorizerOptions<CognitoAccessClaims, 'policy'> = { unauthorized: 'throw' }

    expectTypeOf(createAuthorizer(verifier, options)).returns.resolves.toEqualTypeOf<PolicyResult>()
  })

  test('tells events apart by their type', () => {
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
  test('answers the registered claims, unless it is told otherwise', () => {
    expectTypeOf(claimsFromEvent({})).toEqualTypeOf<JwtClaims>()
    expectTypeOf(claimsFromEvent<CognitoAccessClaims>({})).toEqualTypeOf<CognitoAccessClaims>()
    expectTypeOf(claimsFromEvent).parameter(0).toBeUnknown()
  })

  test('answers claims of which any may be missing, where it is told that some may', () => {
    expectTypeOf(claimsFromEvent({}, { partial: false })).toEqualTypeOf<JwtClaims>()
    expectTypeOf(claimsFromEvent<CognitoAccessClaims>({}, { partial: true })).toEqualTypeOf<
      Partial<CognitoAccessClaims>
    >()
  })
})

describe('the events of the testing kit', () => {
  test('are the ones that handlers of such types take', () => {
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
