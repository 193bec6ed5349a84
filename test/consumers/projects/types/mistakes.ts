/**
 * Mistakes that the types must reject.
 */
import { cognito, createVerifier } from 'jwt-gate'
import { auth0 } from 'jwt-gate/issuers'
import { createAuthorizer } from 'jwt-gate/lambda-authorizer'
import { createRevocations, memoryRevocationStore } from 'jwt-gate/stores'
// @ts-expect-error internal files are not exported
import { parseUnverifiedToken } from 'jwt-gate/verify/token'

const issuer = 'https://idp.example'
const pool = { userPoolId: 'eu-west-1_Example', clientId: '1example' }

// @ts-expect-error an audience, or null
createVerifier({ issuer })
// @ts-expect-error no symmetric algorithms
createVerifier({ issuer, audience: 'a', algorithms: ['HS256'] })
// @ts-expect-error there is no such option
createVerifier({ issuer, audience: 'a' }, { clockTolerance: 5 })
// @ts-expect-error an access token or an ID token
cognito(pool)
// @ts-expect-error a domain is required
auth0({ audience: 'a' })
// @ts-expect-error what happens without the store
createRevocations({ store: memoryRevocationStore() })

const { claims } = createVerifier(cognito({ ...pool, tokenUse: 'access' })).verifySync('a.b.c')
// @ts-expect-error claims are read-only
claims.sub = 'mallory'
// @ts-expect-error unknown claims are unknown
export const email: string = claims['email']
// @ts-expect-error an access token is no ID token
export const tokenUse: 'id' = claims.token_use

const verifier = createVerifier({ issuer, audience: 'a' })
// @ts-expect-error there is no such answer
createAuthorizer(verifier, { unauthorized: 'allow' })
// @ts-expect-error a rule is no text
createAuthorizer(verifier, { access: { 'GET /orders': 'orders/read' } })

export { parseUnverifiedToken }
