/**
 * What the types must reject: every line that ends with `refused`, and no other.
 */
import { cognito, createVerifier } from 'jwt-gate'
import { getAuth, requireJwt } from 'jwt-gate/express'
import { createAuthorizer } from 'jwt-gate/lambda-authorizer'
import { parseUnverifiedToken } from 'jwt-gate/verify/token' // refused

const issuer = 'https://idp.example'
const pool = { userPoolId: 'eu-west-1_Example', clientId: '1example' }

createVerifier({ issuer }) // refused
createVerifier({ issuer, audience: undefined }) // refused
createVerifier({ issuer, audience: 'a', algorithms: ['HS256'] }) // refused
createVerifier({ issuer, audience: 'a', algorithms: ['none'] }) // refused
createVerifier({ issuer, audience: 'a' }, { clockTolerance: 5 }) // refused
cognito(pool) // refused
cognito({ ...pool, tokenUse: 'refresh' }) // refused

const verifier = createVerifier(cognito({ ...pool, tokenUse: 'access' }))
const { claims } = await verifier.verify('a.b.c')
const subject: number = claims.sub // refused
const email: string = claims['email'] // refused
const tokenUse: 'id' = claims.token_use // refused
claims.sub = 'mallory' // refused

requireJwt(issuer) // refused
requireJwt(verifier, { optional: true }) // refused
getAuth({}).claims['tenant'].length // refused
createAuthorizer(verifier, { unauthorized: 'allow' }) // refused

export { email, parseUnverifiedToken, subject, tokenUse }
