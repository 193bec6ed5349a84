/**
 * The entries that need the types of Express and of Lambda.
 */
import type { APIGatewayProxyEventV2 } from 'aws-lambda'
import type { Express, Request } from 'express'
import { createVerifier, type JwtClaims, type VerifiedToken } from 'jwt-gate'
import {
  authErrorHandler,
  cookieToken,
  getAuth,
  mcpTokenVerifier,
  protectedResourceMetadata,
  type RequireJwtOptions,
  requireAccess,
  requireJwt,
  verifyRequest,
} from 'jwt-gate/express'
import {
  createAuthorizerEvent,
  createHandlerEvent,
  createTestIssuer,
  type TestIssuer,
} from 'jwt-gate/testing'
import { verifier } from './core.js'

type IsAny<T> = 0 extends 1 & T ? true : false

export function protect(app: Express): void {
  const options: RequireJwtOptions = { getToken: cookieToken('token') }
  const resource = {
    resource: 'https://api.example',
    authorizationServers: ['https://idp.example'],
  }
  app.use(protectedResourceMetadata(resource))
  app.use('/api', requireJwt(verifier, options))
  app.get('/api/profile', requireAccess({ scopes: ['profile'] }), (req, res) => {
    const auth: VerifiedToken | undefined = req.auth
    const areAny: IsAny<ReturnType<typeof getAuth>['claims']> = false
    res.json({ areAny, same: auth?.issuer === getAuth(req).issuer })
  })
  app.use(authErrorHandler())
}

export async function subjectOf(req: Request): Promise<string | undefined> {
  const { claims } = await verifyRequest(verifier, req)
  const typed: JwtClaims = claims
  return typed.sub
}

class ToolError extends Error {}
export const tools = mcpTokenVerifier(verifier, {
  resource: 'https://mcp.example',
  errors: { InvalidTokenError: ToolError, InsufficientScopeError: ToolError },
})

export async function underTest(): Promise<APIGatewayProxyEventV2> {
  const issuer: TestIssuer = await createTestIssuer({ algorithms: ['ES256'] })
  const { userPoolId, fetch } = issuer
  createVerifier({ issuer: issuer.issuer, audience: null }, { fetch })
  const token = await issuer.accessToken({ sub: userPoolId })
  const request = createAuthorizerEvent('rest-request', { path: '/orders', token })
  const isAny: IsAny<typeof request> = false
  return createHandlerEvent('function-url', { path: isAny ? '/' : '/orders', token })
}
