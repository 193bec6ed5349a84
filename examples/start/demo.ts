/**
 * The demo: the issuer, the verifier, and what can be done to them. With a user pool of your own there is no embedded issuer.
 */
import { cognito, createVerifier, type Verifier } from 'jwt-gate'
import { memoryReplayStore } from 'jwt-gate/stores'
import { createTestIssuer, type TestIssuer } from 'jwt-gate/testing'
import { Authorization } from './authorization.ts'
import { DemoClock } from './clock.ts'
import { KeyLife, type KeyState } from './key-life.ts'
import { Revoked } from './revoked.ts'
import { Trace } from './trace.ts'

/** Where everything listens. A part that does not listen has an empty origin. */
export interface Origins {
  page: string
  express: string
  gateway: string
  issuer: string
  signIn: string
}

/** What can change. */
export interface DemoState {
  /** The demo's clock, in milliseconds since 1970. */
  readonly now: number
  /** How far it was moved. */
  readonly offsetMs: number
  readonly isIssuerDown: boolean
  readonly isCorsOn: boolean
  readonly keys: KeyState
  /** How many tokens are revoked. */
  readonly revoked: number
}

export interface Embedded {
  readonly issuer: TestIssuer
  readonly authorization: Authorization
}

export interface UserPool {
  readonly userPoolId: string
  readonly clientId: string
}

/** For one process. Redis or DynamoDB would be for several. */
const MAX_PROOFS = 10_000

interface Parts {
  readonly clock: DemoClock
  readonly trace: Trace
  readonly keyLife: KeyLife
  readonly revoked: Revoked
  readonly verifier: Verifier
  readonly pool: UserPool
  readonly origins: Origins
  readonly embedded?: Embedded
}

/** The demo with an issuer of its own. `startIssuer`: makes it listen on a port that is free. */
export async function createEmbeddedDemo(
  startIssuer: (issuer: TestIssuer) => Promise<string>,
): Promise<Demo> {
  const clock = new DemoClock()
  const issuer = await createTestIssuer({ now: clock.now })
  const origins = toOrigins(await startIssuer(issuer))
  const redirectUri = () => `${origins.page}/callback`
  const authorization = new Authorization({ issuer, now: clock.now, redirectUri })
  const { userPoolId, clientId } = issuer
  const parts = { clock, origins, pool: { userPoolId, clientId } }
  return new Demo({ ...createParts(parts, issuer.issuer), embedded: { issuer, authorization } })
}

/** The demo with a real user pool. */
export function createPoolDemo(pool: UserPool): Demo {
  return new Demo(createParts({ clock: new DemoClock(), origins: toOrigins(''), pool }))
}

function createParts(given: Pick<Parts, 'clock' | 'origins' | 'pool'>, issuer?: string): Parts {
  const { now } = given.clock
  const trace = new Trace(now)
  const keyLife = new KeyLife(now, trace)
  const revoked = new Revoked(now)
  const trusted = cognito({ ...given.pool, tokenUse: 'access', ...(issuer && { issuer }) })
  const verifier = createVerifier(trusted, {
    now,
    dpop: { replay: memoryReplayStore({ max: MAX_PROOFS, now }) },
    fetch: keyLife.fetch,
    onEvent: keyLife.onEvent,
    revocations: revoked.list,
  }) as Verifier
  return { ...given, trace, keyLife, revoked, verifier }
}

function toOrigins(issuer: string): Origins {
  return { page: '', express: '', gateway: '', issuer, signIn: '' }
}

export class Demo {
  readonly verifier: Verifier
  readonly trace: Trace
  readonly clock: DemoClock
  readonly keyLife: KeyLife
  readonly revoked: Revoked
  readonly pool: UserPool
  readonly origins: Origins
  /** `undefined` with a real user pool. */
  readonly embedded: Embedded | undefined
  #isIssuerDown = false
  #isCorsOn = true

  constructor(parts: Parts) {
    this.verifier = parts.verifier
    this.trace = parts.trace
    this.clock = parts.clock
    this.keyLife = parts.keyLife
    this.revoked = parts.revoked
    this.pool = parts.pool
    this.origins = parts.origins
    this.embedded = parts.embedded
  }

  get state(): DemoState {
    return {
      now: this.clock.now(),
      offsetMs: this.clock.offsetMs,
      isIssuerDown: this.#isIssuerDown,
      isCorsOn: this.#isCorsOn,
      keys: this.keyLife.state,
      revoked: this.revoked.size,
    }
  }

  readonly isIssuerDown = (): boolean => this.#isIssuerDown

  /** The origin that the APIs allow in their CORS headers. */
  readonly allowedOrigin = (): string | undefined =>
    this.#isCorsOn ? this.origins.page : undefined

  setIssuerDown(isDown: boolean): void {
    this.#isIssuerDown = isDown
    this.embedded?.issuer.fail(isDown ? 'down' : null)
  }

  setCors(isOn: boolean): void {
    this.#isCorsOn = isOn
  }

  /** Everything as it was at the start, except that the issuer keeps its keys. */
  async reset(): Promise<void> {
    this.setIssuerDown(false)
    this.setCors(true)
    this.clock.reset()
    this.embedded?.authorization.restoreGroups()
    await this.revoked.restoreAll()
    this.verifier.close()
    this.keyLife.forget()
  }
}
