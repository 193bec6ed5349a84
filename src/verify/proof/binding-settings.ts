/**
 * Reads the options `dpop` and `mtls` once, and validates them.
 */
import type { DpopOptions, NonceOptions, ReplayStore } from '../binding-types.ts'
import { ConfigError } from '../errors.ts'
import { readAlgorithms } from '../keys/read-algorithms.ts'
import { type OptionNames, readChoice, readNumber, readOptions } from '../util/check-option.ts'

/** What a verifier asks for in addition to a token. */
export interface BindingSettings {
  readonly dpop: DpopSettings | undefined
  readonly mtls: boolean
}

export interface DpopSettings {
  readonly replay: ReplayStore
  readonly required: boolean
  readonly nonce: NonceSettings | undefined
  readonly maxAgeSeconds: number
  readonly algorithms: ReadonlySet<string>
}

interface NonceSettings {
  readonly secrets: readonly Uint8Array[]
  readonly lifetimeSeconds: number
}

const DPOP_OPTIONS: OptionNames<DpopOptions> = {
  replay: true,
  required: true,
  nonce: true,
  maxAgeSeconds: true,
  algorithms: true,
}
const MIN_SECRET_BYTES = 32

/** @returns `undefined` without both options @throws {@link ConfigError} that names the invalid option */
export function readBinding(
  dpop: DpopOptions | undefined,
  mtls: boolean | undefined,
): BindingSettings | undefined {
  const settings = {
    dpop: dpop === undefined ? undefined : readDpop(dpop),
    mtls: readChoice('mtls', mtls, [true, false] as const) ?? false,
  }
  return settings.dpop || settings.mtls ? settings : undefined
}

/** The members of `cnf` that are checked. A token that is bound in any other way is rejected. */
export function confirmationsOf(settings: BindingSettings | undefined): ReadonlySet<string> {
  const names = [settings?.dpop && 'jkt', settings?.mtls && 'x5t#S256']
  return new Set(names.filter((name) => typeof name === 'string'))
}

function readDpop(given: DpopOptions): DpopSettings {
  const options = readOptions('dpop', given, DPOP_OPTIONS)
  return {
    replay: readReplayStore(options.replay),
    required: readChoice('dpop.required', options.required, [true, false] as const) ?? false,
    nonce: options.nonce === undefined ? undefined : readNonce(options.nonce),
    maxAgeSeconds: readNumber('dpop.maxAgeSeconds', options.maxAgeSeconds, 60, {
      min: 1,
      max: 3_600,
    }),
    algorithms: readAlgorithms('dpop.algorithms', options.algorithms),
  }
}

function readReplayStore(store: unknown): ReplayStore {
  const { claim } = (store ?? {}) as Partial<ReplayStore>
  if (typeof claim === 'function') return store as ReplayStore
  throw new ConfigError(
    '"dpop.replay" must be a replay store, such as memoryReplayStore({ max: 100_000 }) of jwt-gate/stores: without one, a proof could be used again',
  )
}

function readNonce(given: NonceOptions): NonceSettings {
  const options = readOptions('dpop.nonce', given, { secret: true, lifetimeSeconds: true })
  const secrets: unknown[] = Array.isArray(options.secret) ? options.secret : [options.secret]
  if (secrets.length === 0) throw badSecret()
  return {
    secrets: secrets.map(readSecret),
    lifetimeSeconds: readNumber('dpop.nonce.lifetimeSeconds', options.lifetimeSeconds, 300, {
      min: 2,
      max: 86_400,
    }),
  }
}

/** A copy, so that later changes by the caller have no effect. */
function readSecret(secret: unknown): Uint8Array {
  const isSecret = typeof secret === 'string' || secret instanceof Uint8Array
  const bytes = isSecret ? Buffer.from(secret as string) : Buffer.alloc(0)
  if (bytes.length < MIN_SECRET_BYTES) throw badSecret()
  return bytes
}

function badSecret(): ConfigError {
  return new ConfigError(
    `"dpop.nonce.secret" must be a secret of at least ${MIN_SECRET_BYTES} bytes, such as randomBytes(32), or a list of such secrets`,
  )
}
