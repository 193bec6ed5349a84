/**
 * What the examples beside this file share: a user pool that lives in the process, a verifier for it, and a way to try
 * them. Yours is `createVerifier(cognito({ userPoolId, clientId, tokenUse: 'access' }))`.
 */
import { fileURLToPath } from 'node:url'
import type { Express } from 'express'
import { cognito, createVerifier } from 'jwt-gate'
import { createTestIssuer } from 'jwt-gate/testing'

export const issuer = await createTestIssuer()
export const pool = {
  userPoolId: issuer.userPoolId,
  clientId: issuer.clientId,
  tokenUse: 'access',
  jwks: issuer.jwks,
} as const
export const verifier = createVerifier(cognito(pool))

/** Listens where this file is the one that was started, and prints a token to try it with, in the header that it belongs in. */
export async function run(
  app: Express,
  moduleUrl: string,
  header = 'Authorization: Bearer ',
): Promise<void> {
  if (process.argv[1] !== fileURLToPath(moduleUrl)) return
  const port = Number(process.env['PORT'] ?? 3000)
  const token = await issuer.accessToken({ scope: 'orders/read', 'cognito:groups': ['staff'] })
  app.listen(port, '127.0.0.1', () => {
    console.log(`TOKEN=${token}\ncurl -i http://127.0.0.1:${port}/ -H "${header}$TOKEN"`)
  })
}
