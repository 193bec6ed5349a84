/**
 * Uses one of the functions that it imports.
 */
import { createVerifier } from 'jwt-gate'
import { requireJwt } from 'jwt-gate/express'
import { createAuthorizer } from 'jwt-gate/lambda-authorizer'
import { createTestIssuer } from 'jwt-gate/testing'

const _unused = () => [requireJwt, createAuthorizer, createTestIssuer]

export { createVerifier }
