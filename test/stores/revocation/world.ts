/**
 * Processes that share a store, on a clock that the test moves.
 */
import { createVerifier, type VerifierOptions } from 'jwt-gate'
import {
  createRevocations,
  memoryRevocationStore,
  type RevocationEvent,
  type RevocationStore,
  type RevocationsOptions,
} from 'jwt-gate/stores'
import { createTestIssuer } from 'jwt-gate/testing'

const issuer = await createTestIssuer({ algorithms: ['ES256'] })
export const iss = issuer.issuer
export const NOW = 1_800_000_000
export const UNTIL = NOW + 3_600

export interface Clock {
  ms: number
}

export const createClock = (): Clock => ({ ms: NOW * 1_000 })

/** A process with a verifier and its list. */
export function createProcess(
  store: RevocationStore,
  clock: Clock,
  { verifier: more, ...options }: Partial<RevocationsOptions> & { verifier?: VerifierOptions } = {},
) {
  const events: RevocationEvent[] = []
  const now = () => clock.ms
  const revocations = createRevocations({
    store,
    whenStale: 'refuse',
    now,
    onEvent: (event) => events.push(event),
    ...options,
  })
  const verifier = createVerifier(
    { issuer: iss, audience: null, jwks: issuer.jwks },
    { now, revocations, ...more },
  )
  const judge = (token: string): Promise<string> =>
    verifier.verify(token).then(
      () => 'accepted',
      ({ code }) => code,
    )
  const judgeSync = (token: string): string => {
    try {
      verifier.verifySync(token)
      return 'accepted'
    } catch (error) {
      return (error as { code: string }).code
    }
  }
  return { revocations, verifier, events, judge, judgeSync }
}

/** A token that is valid for an hour. */
export function mint(claims: Record<string, unknown> = {}): Promise<string> {
  return issuer.token({ iss, exp: UNTIL, iat: NOW - 60, sub: 'alice', jti: 't1', ...claims })
}

/** A store that can be slow, fail, and lose records, around one that works. */
export function createBrokenStore(clock: Clock) {
  let inner = memoryRevocationStore({ now: () => clock.ms })
  const state = {
    error: undefined as Error | undefined,
    gate: undefined as Promise<void> | undefined,
  }
  const calls = { append: 0, read: 0 }
  let generation = 0
  const ready = async (): Promise<void> => {
    await state.gate
    if (state.error) throw state.error
  }
  const store: RevocationStore = {
    append: async (records) => {
      calls.append++
      await ready()
      await inner.append(records)
    },
    read: async (cursor, onRecords) => {
      calls.read++
      await ready()
      const known = cursor as { generation: number; cursor: unknown } | undefined
      if (known && known.generation !== generation) return { cursor: undefined, isReset: true }
      const progress = await inner.read(known?.cursor, onRecords)
      return { cursor: { generation, cursor: progress.cursor }, isReset: progress.isReset }
    },
  }
  const loseAll = (): void => {
    generation++
    inner = memoryRevocationStore({ now: () => clock.ms })
  }
  return { store, state, calls, loseAll }
}
