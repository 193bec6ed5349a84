/**
 * Reads the options of a verifier once, validates them and applies the defaults.
 */
import type { Clock } from './claims/verified-token.ts'
import { ConfigError, isJwtGateError } from './errors.ts'
import type { VerifierEvent } from './events.ts'
import { createHttpGet, type HttpGet, toHttpGet } from './http/http-get.ts'
import type { InsecureHosts } from './http/issuer-url.ts'
import { type BindingSettings, confirmationsOf, readBinding } from './proof/binding-settings.ts'
import type { RevocationList } from './revocations.ts'
import type { JwksOptions, VerifierOptions } from './types.ts'
import { JWKS_CHANNEL } from './util/channels.ts'
import {
  type OptionNames,
  readCount,
  readFunction,
  readNumber,
  readOptions,
  readStrings,
} from './util/check-option.ts'
import { notify } from './util/notify.ts'

/** Validated options with all defaults applied. */
export interface VerifierSettings {
  readonly clockToleranceSeconds: number
  readonly maxTokenBytes: number
  /** The size of the token cache; 0 for no cache. */
  readonly cachedTokens: number
  readonly maxIssuers: number
  readonly threadPoolSize: number
  readonly jwks: {
    readonly timeoutMs: number
    readonly maxAgeMs: number
    readonly maxStaleMs: number
    readonly cooldownMs: number
    readonly maxBytes: number
    readonly maxKeys: number
  }
  readonly insecureHosts: InsecureHosts
  readonly check: VerifierOptions<unknown>['check']
  readonly revocations: RevocationList | undefined
  /** What a request must present besides its token; `undefined` for nothing. */
  readonly binding: BindingSettings | undefined
  /** The members of `cnf` that `binding` checks. */
  readonly confirmations: ReadonlySet<string>
  readonly get: HttpGet
  readonly now: () => number
  /** The clock for access rules; `undefined` if `now` and `clockToleranceSeconds` are the defaults. */
  readonly clock: Clock | undefined
  readonly emit: (event: VerifierEvent) => void
}

const OPTIONS: OptionNames<VerifierOptions> = {
  clockToleranceSeconds: true,
  maxTokenBytes: true,
  tokenCache: true,
  maxIssuers: true,
  threadPoolSize: true,
  jwks: true,
  check: true,
  revocations: true,
  dpop: true,
  mtls: true,
  fetch: true,
  now: true,
  onEvent: true,
}
const JWKS_OPTIONS: OptionNames<JwksOptions> = {
  timeoutMs: true,
  maxAgeMs: true,
  maxStaleMs: true,
  cooldownMs: true,
  maxBytes: true,
  maxKeys: true,
  agent: true,
  insecureHosts: true,
}
const MINUTE_MS = 60_000
const DAY_MS = 86_400_000

/** @throws `ConfigError` that names the invalid option */
export function readVerifierOptions(given: VerifierOptions<never> = {}): VerifierSettings {
  const options = readOptions('createVerifier()', given, OPTIONS)
  const { fetch, onEvent, now } = options
  readFunction('fetch', fetch)
  readFunction('onEvent', onEvent)
  const jwks = readOptions('jwks', options.jwks === undefined ? {} : options.jwks, JWKS_OPTIONS)
  if (fetch && jwks.agent) {
    throw new ConfigError(
      '"jwks.agent" has no effect with "fetch": give the agent to your own fetch',
    )
  }
  const clockToleranceSeconds = readNumber(
    'clockToleranceSeconds',
    options.clockToleranceSeconds,
    5,
    // RFC 9068 s4: usually no more than a few minutes
    { max: 600 },
  )
  const clock = readClock(now)
  const binding = readBinding(options.dpop, options.mtls)
  return {
    clockToleranceSeconds,
    maxTokenBytes: readCount('maxTokenBytes', options.maxTokenBytes, 16_384, 1_048_576),
    cachedTokens: readCachedTokens(options.tokenCache),
    maxIssuers: readCount('maxIssuers', options.maxIssuers, 1_000, 100_000),
    threadPoolSize: readCount('threadPoolSize', options.threadPoolSize, 4, 1_024),
    jwks: readJwksOptions(jwks),
    insecureHosts: readInsecureHosts(jwks.insecureHosts),
    check: readFunction('check', options.check as VerifierOptions<unknown>['check']),
    revocations: readRevocations(options.revocations),
    binding,
    confirmations: confirmationsOf(binding),
    get: fetch ? toHttpGet(fetch) : createHttpGet(readAgent(jwks.agent)),
    now: clock,
    clock:
      now || clockToleranceSeconds !== 5
        ? { now: clock, toleranceSeconds: clockToleranceSeconds }
        : undefined,
    emit: (event) => void notify(onEvent, event, JWKS_CHANNEL),
  }
}

// 1973 in milliseconds and the year 5138 in seconds; and the year 5138 in milliseconds, long past in microseconds
const MIN_MS = 1e11
const MAX_MS = 1e14

/** Reads the option `now`. @throws {@link ConfigError} if it is no clock */
export function readClock(now: (() => number) | undefined): () => number {
  const given = readFunction('now', now)
  return given ? toClock(given) : () => Date.now()
}

/**
 * A clock that returns no time, or another unit, is a mistake of its own, and no reason to accept or reject a token.
 * @throws {@link ConfigError} at once if its first time is wrong
 */
export function toClock(now: () => number): () => number {
  try {
    readTime(now())
  } catch (error) {
    if (isJwtGateError(error)) throw error
    // a clock that throws may only not be ready yet
  }
  return () => readTime(now())
}

function readTime(ms: number): number {
  if (Number.isFinite(ms) && ms >= MIN_MS && ms < MAX_MS) return ms
  throw new ConfigError(
    '"now" must return the milliseconds since 1970, as Date.now() does, not seconds or another unit',
  )
}

function readRevocations(list: RevocationList | undefined): RevocationList | undefined {
  if (list === undefined || typeof Object(list).assertNotRevoked === 'function') return list
  throw new ConfigError('"revocations" must be the return value of createRevocations()')
}

function readCachedTokens(tokenCache: false | { readonly max?: number } = {}): number {
  if (tokenCache === false) return 0
  const { max } = readOptions('tokenCache', tokenCache, { max: true })
  return readCount('tokenCache.max', max, 5_000, 1_000_000)
}

function readJwksOptions(jwks: JwksOptions): VerifierSettings['jwks'] {
  const { timeoutMs, maxAgeMs, maxStaleMs, cooldownMs, maxBytes, maxKeys } = jwks
  return {
    timeoutMs: readNumber('jwks.timeoutMs', timeoutMs, 5_000, { min: 1, max: 10 * MINUTE_MS }),
    maxAgeMs: readNumber('jwks.maxAgeMs', maxAgeMs, 10 * MINUTE_MS, { min: 1, max: DAY_MS }),
    maxStaleMs: readNumber('jwks.maxStaleMs', maxStaleMs, 120 * MINUTE_MS, {
      min: 1,
      max: 7 * DAY_MS,
    }),
    cooldownMs: readNumber('jwks.cooldownMs', cooldownMs, 10_000, { min: 1, max: DAY_MS }),
    maxBytes: readCount('jwks.maxBytes', maxBytes, 524_288, 16_777_216),
    maxKeys: readCount('jwks.maxKeys', maxKeys, 100, 10_000),
  }
}

// a host name as in a URL, without scheme and port
const HOST = /^[a-z0-9_-]+(?:\.[a-z0-9_-]+)*$/

function readInsecureHosts(hosts: JwksOptions['insecureHosts'] = []): InsecureHosts {
  const isNone = Array.isArray(hosts) && hosts.length === 0
  const names = isNone ? [] : readStrings('jwks.insecureHosts', hosts)
  if (names.every(isHost)) return new Set(names)
  throw new ConfigError(
    '"jwks.insecureHosts" must be host names in lower case, without scheme and port, such as "keycloak"',
  )
}

function isHost(name: string): boolean {
  const url = `http://${name}`
  // the URL parser turns 127.1 into 127.0.0.1, so the name would never match
  return HOST.test(name) && URL.canParse(url) && new URL(url).hostname === name
}

function readAgent(agent: JwksOptions['agent']): JwksOptions['agent'] {
  if (agent === undefined) return undefined
  // agents of other packages may not inherit from Node's
  const { addRequest } = Object(agent) as { addRequest?: unknown }
  if (typeof addRequest === 'function') return agent
  throw new ConfigError(
    '"jwks.agent" must be an agent of node:https, or of node:http for plain http',
  )
}
