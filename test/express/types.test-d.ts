/**
 * The public types of the Express adapter.
 */
import type { IncomingMessage } from 'node:http'
import type { Http2ServerRequest } from 'node:http2'
import type { RequestHandler } from 'express'
import {
  type CognitoAccessClaims,
  isJwtGateError,
  type VerifiedToken,
  type Verifier,
} from 'jwt-gate'
import {
  authErrorHandler,
  cookieToken,
  headerToken,
  type RequestEvent,
  requireJwt,
  type VerifyRequestOptions,
  verifyRequest,
} from 'jwt-gate/express'
import { describe, expectTypeOf, test } from 'vitest'

declare const verifier: Verifier<CognitoAccessClaims>
declare const request: IncomingMessage
declare const options: VerifyRequestOptions

describe('requireJwt', () => {
  test('takes a getToken of Express, of Node, and of anything with headers', () => {
    expectTypeOf(
      requireJwt(verifier, { getToken: (req) => req.signedCookies['token'] }),
    ).toEqualTypeOf<RequestHandler>()
    requireJwt(verifier, { getToken: (req: IncomingMessage) => req.headers.authorization })
    requireJwt(verifier, { getToken: headerToken('x') })
    requireJwt(verifier, { getToken: cookieToken('x') })
  })

  test('its events tell by their type whose fault it is, and have the members of our errors', () => {
    requireJwt(verifier, {
      onEvent: (event) => {
        expectTypeOf(event).toEqualTypeOf<RequestEvent>()
        expectTypeOf(event.type).toEqualTypeOf<'request.refused' | 'request.failed'>()
        expectTypeOf(event.route).toEqualTypeOf<string | undefined>()
        expectTypeOf(event.error).toExtend<Error>()
        expectTypeOf(event.error.status).toEqualTypeOf<number | undefined>()
        if (isJwtGateError(event.error)) expectTypeOf(event.error.code).toExtend<string>()
      },
    })
  })

  test('takes no rule', () => {
    // @ts-expect-error: use requireAccess
    requireJwt(verifier, { access: {} })
  })
})

describe('verifyRequest', () => {
  test('resolves with the claims of the verifier, for requests of Node and objects with headers', () => {
    type Result = Promise<VerifiedToken<CognitoAccessClaims>>
    expectTypeOf(verifyRequest(verifier, request, options)).toEqualTypeOf<Result>()
    expectTypeOf(verifyRequest(verifier, {} as Http2ServerRequest)).toEqualTypeOf<Result>()
    expectTypeOf(verifyRequest(verifier, { headers: { Cookie: 'a=b' } })).toEqualTypeOf<Result>()
    void verifyRequest(verifier, { headers: {} }, { getToken: cookieToken('x') })
  })

  test('types the claims in the check of a rule', () => {
    void verifyRequest(verifier, request, {
      access: {
        check: ({ claims }) => {
          expectTypeOf(claims).toEqualTypeOf<CognitoAccessClaims>()
          return true
        },
      },
    })
  })

  test('does not take a web Request', () => {
    // @ts-expect-error: its headers are no object with names and values
    void verifyRequest(verifier, {} as Request)
  })
})

test('authErrorHandler takes console methods and null', () => {
  authErrorHandler()
  authErrorHandler({ onError: console.warn })
  authErrorHandler({ onError: null })
})
