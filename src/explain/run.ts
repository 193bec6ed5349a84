/**
 * Runs the engine of a verifier once, at one instant and without its cache. Issuer and key are looked up once: the checks that
 * follow see what the engine has seen, and cost no further request.
 */
import {
  Engine,
  type Issuers,
  isPromise,
  type KeyStore,
  type Profile,
  type UnverifiedParts,
  type VerificationKey,
  type VerifierParts,
} from '../verify/explain-kit.ts'
import type { VerifiedToken } from '../verify/index.ts'
import { type Listed, WatchedList } from './watched-list.ts'

/** The steps of the engine, in their order: all checks of the token with its schema, and what comes after them on every call. */
export const STEPS = ['token', 'revocation', 'binding', 'check'] as const
export type Step = (typeof STEPS)[number]

/** The outcome of a run, and its look-ups, for the checks. */
export interface Run {
  /** `undefined` if the token was rejected. */
  readonly verified: VerifiedToken<unknown> | undefined
  readonly error: unknown
  /** The last step that the engine has begun: those before it have passed. */
  readonly step: Step
  /** What the list of revoked tokens has said; `undefined` if it was not asked. */
  readonly listed: Listed | undefined
  /** The profile of the token's issuer. Throws what the look-up has thrown. */
  readonly findProfile: (parts: UnverifiedParts) => Promise<Profile | undefined>
  /** The key for a header. The look-up is made now if the engine did not come so far. */
  readonly findKey: (profile: Profile, header: Header) => Promise<VerificationKey>
}

type Header = Parameters<KeyStore['get']>[0]

export async function run(
  { issuers, settings }: VerifierParts,
  token: string,
  now: () => number,
): Promise<Run> {
  const lookUps = new LookUps(issuers)
  const { clockToleranceSeconds, check, revocations } = settings
  const list = revocations && new WatchedList(revocations, settings.now)
  const progress: { step: Step } = { step: 'token' }
  const engine = new Engine(lookUps.issuers, {
    ...settings,
    now,
    clock: { now, toleranceSeconds: clockToleranceSeconds },
    cachedTokens: 0,
    ...watchSteps({ list, check }, progress),
  })
  const outcome = await engine.verify(token).then(
    (verified) => ({ verified, error: undefined }),
    (error: unknown) => ({ verified: undefined, error }),
  )
  return {
    ...outcome,
    step: progress.step,
    listed: list?.outcome,
    findProfile: async (parts) => lookUps.find(parts),
    findKey: async (profile, header) => lookUps.keyOf(profile, header),
  }
}

/** Notes when the engine asks for what the user has configured, or would ask. */
function watchSteps(
  { list, check }: { list: WatchedList | undefined; check: VerifierParts['settings']['check'] },
  progress: { step: Step },
): Pick<VerifierParts['settings'], 'revocations' | 'check'> {
  const pass = (): void => {
    progress.step = 'binding'
  }
  return {
    revocations: {
      assertNotRevoked: (issuer, claims) => {
        progress.step = 'revocation'
        return list ? list.assertNotRevoked(issuer, claims).then(pass) : pass()
      },
      hydrate: async () => undefined,
      settled: async () => undefined,
      close: () => undefined,
    },
    check: (verified) => {
      progress.step = 'check'
      return check?.(verified)
    },
  }
}

/** Remembers the outcome of each look-up, also an error. */
class LookUps {
  readonly #issuers: Issuers
  #profile: (() => ReturnType<Issuers['find']>) | undefined
  #key: (() => ReturnType<KeyStore['get']>) | undefined

  constructor(issuers: Issuers) {
    this.#issuers = issuers
  }

  /** For the engine: the same issuers, each with a key store that remembers. */
  get issuers(): Issuers {
    const real = this.#issuers
    return {
      find: (parts) => {
        const found = this.find(parts)
        return isPromise(found) ? found.then((one) => this.#recording(one)) : this.#recording(found)
      },
      whyUntrusted: (iss) => real.whyUntrusted(iss),
      confirm: (profile) => real.confirm(profile),
      anyHeader: real.anyHeader,
      hydrate: () => real.hydrate(),
      settled: () => real.settled(),
      close: () => undefined,
    }
  }

  find(parts: UnverifiedParts): ReturnType<Issuers['find']> {
    this.#profile ??= once(() => this.#issuers.find(parts))
    return this.#profile()
  }

  keyOf({ keys, issuer }: Profile, header: Header): ReturnType<KeyStore['get']> {
    this.#key ??= once(() => keys.get(header, issuer))
    return this.#key()
  }

  #recording(profile: Profile | undefined): Profile | undefined {
    if (profile === undefined) return undefined
    const { keys } = profile
    const recorded: Pick<KeyStore, 'get' | 'renew'> = {
      get: (header) => this.keyOf(profile, header),
      renew: (header, issuer, wrong) => {
        const renewed = keys.renew(header, issuer, wrong)
        return renewed?.then((key) => {
          if (key) this.#key = () => key
          return key
        })
      },
    }
    // the engine uses nothing else of a store
    return { ...profile, keys: recorded as KeyStore }
  }
}

/** A function that is called once, whatever comes of it. */
function once<T>(call: () => T): () => T {
  try {
    const value = call()
    return () => value
  } catch (error) {
    return () => {
      throw error
    }
  }
}
