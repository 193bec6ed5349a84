/**
 * Uses the package from TypeScript. It is compiled and run as each kind of module.
 */
import type { Express } from 'express'
import { type CognitoAccessClaims, cognito, createVerifier, type VerifiedToken } from 'jwt-gate'
import { authErrorHandler, getAuth, requireAccess, requireJwt } from 'jwt-gate/express'
import { entra } from 'jwt-gate/issuers'
import { type claimsFromEvent, createAuthorizer } from 'jwt-gate/lambda-authorizer'
import { createTestIssuer } from 'jwt-gate/testing'

type IsAny<T> = 0 extends 1 & T ? true : false

async function main(): Promise<void> {
  const { userPoolId, clientId, fetch, accessToken } = await createTestIssuer()
  const trusted = cognito({ userPoolId, clientId, tokenUse: 'access' })
  const verifier = createVerifier(trusted, { fetch })
  const verified = await verifier.verify(await accessToken({ 'custom:tenant': 'acme' }))

  const areAny: IsAny<typeof verified.claims> = false
  const isUnknownClaimAny: IsAny<(typeof verified.claims)['custom:tenant']> = false
  const claims: CognitoAccessClaims = verified.claims
  const tokenUse: 'access' = claims.token_use
  console.log(
    JSON.stringify({ areAny, isUnknownClaimAny, tokenUse, tenant: claims['custom:tenant'] }),
  )
}

export function protect(app: Express): void {
  const verifier = createVerifier({
    issuer: 'https://idp.example',
    audience: 'https://api.example',
  })
  app.use('/api', requireJwt(verifier))
  app.get('/api/profile', requireAccess({ scopes: ['profile'] }), (req, res) => {
    const areAny: IsAny<ReturnType<typeof getAuth>['claims']> = false
    const auth: VerifiedToken | undefined = req.auth
    res.json({ areAny, same: auth?.issuer === getAuth(req).issuer })
  })
  app.use(authErrorHandler())
}

export const handler = createAuthorizer(
  createVerifier({ issuer: 'https://idp.example', audience: 'https://api.example' }),
)
const tenantId = '11111111-2222-3333-4444-555555555555'
const tenants = createVerifier(entra({ tenantId: 'any', audience: tenantId }))
const isTenantAny: IsAny<ReturnType<typeof tenants.verifySync>['claims']['tid']> = false
const areEventClaimsAny: IsAny<ReturnType<typeof claimsFromEvent>> = false

void main().then(() => areEventClaimsAny || isTenantAny)
