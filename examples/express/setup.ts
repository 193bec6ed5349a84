/**
 * Shared by the examples in this folder: an in-process test user pool, a verifier for it, and a function to try them. In your own
 * app, use `createVerifier(cognito({ userPoolId, clientId, tokenUse: 'access' }))`.
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

/** Starts the app if its file is the main module, and prints a `curl` command with a token in the right header. */
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
