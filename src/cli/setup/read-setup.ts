/**
 * Reads whom to trust: from options, or from a file of the user's.
 */
import { escapeText } from '../../terminal/escape.ts'
import {
  type Algorithm,
  cognito,
  createVerifier,
  type Trusted,
  type TrustedIssuer,
  type Verifier,
  type VerifierOptions,
} from '../../verify/index.ts'
import type { Arguments } from '../arguments/parse-arguments.ts'
import { ISSUER_NAMES } from '../arguments/setup-options.ts'
import { type Context, UsageError } from '../command.ts'
import type { Io } from '../io.ts'
import { findConfigFile, loadConfig } from './config-file.ts'
import { nameOptions } from './name-options.ts'
import { readKeys } from './read-keys.ts'

/** What `createVerifier` takes, or a verifier that a file exports. `isFile`: whether options have the names that they have in code. */
export type Setup =
  | { readonly verifier: Verifier; readonly isFile: true }
  | { readonly trusted: Trusted; readonly options: VerifierOptions; readonly isFile: boolean }

/** Reads the set-up, and makes the verifier once, so that a mistake is found. Returns `undefined` if none was given. */
export async function readSetup(
  args: Arguments,
  { io, progress }: Context,
): Promise<Setup | undefined> {
  const given = ISSUER_NAMES.filter((name) => args.has(name))
  const config = args.text('config')
  if (config !== undefined && given.length > 0) {
    throw new UsageError(`--config cannot be used with --${given[0]}: the file has the set-up`)
  }
  if (given.length === 0) {
    const file = config ?? findConfigFile(io.cwd)
    if (file === undefined) return undefined
    const setup = await loadConfig(file, readVerifierOptions(args), io)
    progress.pass(`set-up from ${escapeText(file)}`)
    return setup
  }
  const options = readVerifierOptions(args)
  const trusted = await readTrusted(args, io)
  nameOptions(() => createVerifier(trusted, options))
  return { trusted, options, isFile: false }
}

/** Makes the verifier of a set-up. A verifier from a file has its own clock and its own events. */
export function toVerifier(setup: Setup, io: Io, onEvent?: VerifierOptions['onEvent']): Verifier {
  if ('verifier' in setup) return setup.verifier
  const { trusted, options } = setup
  const effects = {
    now: options.now ?? io.now,
    // an agent cannot be combined with a function
    fetch: options.fetch ?? (options.jwks?.agent ? undefined : io.verifierFetch),
    onEvent: onEvent ?? options.onEvent,
  }
  return createVerifier(trusted, { ...options, ...effects })
}

async function readTrusted(args: Arguments, io: Io): Promise<Trusted> {
  const file = args.text('jwks')
  const options = {
    audience: orNull(args, 'audience', one(args.list('audience'))),
    clientId: orNull(args, 'client-id', one(args.list('client-id'))),
    tokenUse: orNull(args, 'token-use', args.text('token-use')),
    jwksUri: one(args.list('jwks-uri')),
    jwks: file === undefined ? undefined : await readKeys(file, io),
    issuer: args.text('issuer'),
    requiredClaims: args.list('required-claims'),
    maxTokenAgeSeconds: toNumber(args.text('max-token-age-seconds')),
    groupsClaim: args.text('groups-claim'),
  }
  const userPoolId = args.text('user-pool-id')
  if (userPoolId !== undefined) return readPool(args, { ...options, userPoolId })
  if (options.issuer === undefined) {
    throw new UsageError('--issuer or --user-pool-id is missing: it says which issuer is trusted')
  }
  const others = {
    algorithms: args.list('algorithms') as readonly Algorithm[] | undefined,
    tokenType: orNull(args, 'token-type', args.text('token-type')),
    clientIdClaim: args.text('client-id-claim'),
  }
  refuse(args, ['no-client-id', 'no-token-use'], 'is for --user-pool-id: omit it')
  // the library checks the values
  return { ...options, ...others } as TrustedIssuer
}

type PoolOptions = Record<string, unknown> & { readonly userPoolId: string }

function readPool(args: Arguments, { audience, ...options }: PoolOptions): Trusted {
  refuse(
    args,
    ['algorithms', 'token-type', 'no-token-type', 'client-id-claim'],
    'cannot be used with --user-pool-id, which says it already',
  )
  refuse(args, ['no-audience'], 'has no effect with --user-pool-id, which checks --client-id')
  return nameOptions(() => cognito({ ...options, audience } as Parameters<typeof cognito>[0]))
}

export function readVerifierOptions(args: Arguments): VerifierOptions {
  const timeoutMs = toNumber(args.text('timeout-ms'))
  const insecureHosts = args.list('insecure-hosts')
  return {
    clockToleranceSeconds: toNumber(args.text('clock-tolerance-seconds')),
    maxTokenBytes: toNumber(args.text('max-token-bytes')),
    jwks:
      timeoutMs === undefined && insecureHosts === undefined
        ? undefined
        : { timeoutMs, insecureHosts },
  }
}

/** The value, or `null` if it is opted out of. */
function orNull<Value>(args: Arguments, name: string, value: Value): Value | null {
  if (!args.has(`no-${name}`)) return value
  if (!args.has(name)) return null
  throw new UsageError(`--${name} and --no-${name} contradict each other`)
}

function refuse(args: Arguments, names: readonly string[], why: string): void {
  const wrong = names.find((name) => args.has(name))
  if (wrong !== undefined) throw new UsageError(`--${wrong} ${why}`)
}

function one(values: readonly string[] | undefined): string | readonly string[] | undefined {
  return values?.length === 1 ? values[0] : values
}

/** A text that is no number becomes `NaN`, which the library rejects by the name of the option. */
function toNumber(text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  return /^\d+(?:\.\d+)?$/.test(text) ? Number(text) : Number.NaN
}
