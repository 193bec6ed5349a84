/**
 * Shared by the examples in this folder: a test issuer, the list of revoked tokens, and a verifier that asks it. In your own app,
 * use `redisRevocationStore(client)` or `dynamoDbRevocationStore(client, { tableName })` in place of the memory.
 */
import { cognito, createVerifier } from 'jwt-gate'
import { createRevocations, memoryRevocationStore } from 'jwt-gate/stores'
import { createTestIssuer } from 'jwt-gate/testing'

export const issuer = await createTestIssuer()
export const revocations = createRevocations({
  store: memoryRevocationStore(),
  whenStale: 'refuse',
})
const { userPoolId, clientId, jwks } = issuer
export const verifier = createVerifier(
  cognito({ userPoolId, clientId, tokenUse: 'access', jwks }),
  { revocations },
)

/** The time in seconds, as in the claims of a token. */
export const now = (): number => Math.floor(Date.now() / 1_000)

/** The longest lifetime of a token of this issuer: no entry has to count for longer. */
export const TOKEN_SECONDS = 3_600
