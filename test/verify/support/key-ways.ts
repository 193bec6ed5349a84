/**
 * One key set through each way to an issuer's keys: given, fetched from `jwksUri`, and found by discovery, over real HTTP.
 */
import { createVerifier, type TrustedIssuer, type Verifier, type VerifierOptions } from 'jwt-gate'
import type { KeyServer } from './key-server.ts'
import { startKeyServer } from './key-server.ts'

/** The ways to an issuer's keys. */
export const WAYS = ['jwks', 'jwksUri', 'discovery'] as const
type Way = (typeof WAYS)[number]

/** An issuer on loopback that publishes a key set. */
export interface Publisher extends KeyServer {
  /** A verifier that gets the keys in this way. */
  readonly verifierBy: (way: Way, options?: VerifierOptions) => Verifier
}

/** Serves a key set and its discovery document until the calling test ends. */
export async function publish(keys: readonly unknown[]): Promise<Publisher> {
  const server = await startKeyServer((request, response) => {
    const { host } = request.headers
    const metadata = { issuer: `http://${host}`, jwks_uri: `http://${host}/keys` }
    response.end(JSON.stringify(request.url === '/keys' ? { keys } : metadata))
  })
  const issuer = server.origin
  const sources: Record<Way, Partial<TrustedIssuer>> = {
    jwks: { jwks: { keys } as never },
    jwksUri: { jwksUri: `${issuer}/keys` },
    discovery: {},
  }
  return {
    ...server,
    verifierBy: (way, options) =>
      createVerifier({ issuer, audience: null, ...sources[way] }, options),
  }
}
