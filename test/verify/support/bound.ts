/**
 * A verifier that asks for proofs, a client, and its bound token.
 */
import {
  createVerifier,
  type DpopOptions,
  type Presented,
  type ReplayStore,
  type TrustedIssuer,
  type VerifiedToken,
  type Verifier,
  type VerifierOptions,
} from 'jwt-gate'
import { memoryReplayStore } from 'jwt-gate/stores'
import { createTestIssuer, type TestIssuer } from 'jwt-gate/testing'
import { createClock, type TestClock } from './clock.ts'
import {
  createDpopClient,
  type DpopClient,
  METHOD,
  type ProofParts,
  URL_OF_REQUEST,
} from './dpop-client.ts'

export const SECRET = 'a secret of this server, which has 32 bytes and more'

/** One for all tests of a file, because its keys take long to make. Its clock stands still. */
const issuer = await createTestIssuer({ now: createClock().now })

export interface Bound {
  readonly clock: TestClock
  readonly issuer: TestIssuer
  readonly client: DpopClient
  /** Bound to the key of the client. */
  readonly token: string
  readonly verifier: Verifier
  /** Another verifier for the same tokens. */
  readonly createOther: (dpop?: Partial<DpopOptions>, options?: VerifierOptions) => Verifier
  /** What a request with the token and a new proof presents. */
  readonly present: (parts?: ProofParts, change?: Partial<Presented>) => Promise<Presented>
  /** Verifies the token with a new proof. */
  readonly send: (parts?: ProofParts, change?: Partial<Presented>) => Promise<VerifiedToken>
}

/** What a request presents with a proof that was made already. */
export function presentProof(
  proof: Presented['proof'],
  change: Partial<Presented> = {},
): Presented {
  return { scheme: 'DPoP', proof, request: { method: METHOD, url: URL_OF_REQUEST }, ...change }
}

export function newStore({ now }: Pick<TestClock, 'now'>, max = 1_000): ReplayStore {
  return memoryReplayStore({ max, now })
}

export async function createBound(
  dpop: Partial<DpopOptions> = {},
  options: VerifierOptions = {},
  trusted: Partial<TrustedIssuer> = {},
): Promise<Bound> {
  const clock = createClock()
  const { now } = clock
  const client = await createDpopClient(clock.seconds)
  const token = await issuer.accessToken({ cnf: client.cnf })
  const given = { issuer: issuer.issuer, audience: null, jwks: issuer.jwks, ...trusted }
  const createOther: Bound['createOther'] = (other, more) =>
    createVerifier(given, {
      ...{ now, dpop: { replay: newStore(clock), ...dpop, ...other } },
      ...options,
      ...more,
    })
  const verifier = createOther()
  const present: Bound['present'] = async (parts, change) =>
    presentProof(await client.prove(token, parts), change)
  return {
    ...{ clock, issuer, client, token, verifier, createOther, present },
    send: async (parts, change) => verifier.verify(token, await present(parts, change)),
  }
}
