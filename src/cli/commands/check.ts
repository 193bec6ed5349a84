/**
 * `jwt-gate check`: is the set-up alive? Loads the keys of every issuer as a verifier would, and compares clocks.
 */
import { escapeText } from '../../terminal/escape.ts'
import { formatDuration } from '../../terminal/times.ts'
import { isJwtGateError, KeysError, type VerifierEvent } from '../../verify/index.ts'
import { SETUP_GROUP } from '../arguments/setup-options.ts'
import { type Command, type Context, EXIT, type ExitCode, UsageError } from '../command.ts'
import { describeKeysError, exitOf } from '../output/failures.ts'
import { observeRequests, type SeenRequest } from '../output/requests.ts'
import { readSetup, type Setup, toVerifier } from '../setup/read-setup.ts'

export const check: Command = {
  name: 'check',
  summary: 'is this set-up alive: discovery, keys, clock',
  usage: '[options]',
  description:
    'Loads the keys of every issuer of the set-up, exactly as a verifier does, and compares the clock of this machine with that of the issuer. No token is needed. Run it where the service runs: in the container, in the VPC.',
  groups: [SETUP_GROUP],
  exits: {
    0: 'The set-up is alive: tokens can be verified',
    1: 'The issuer answered, but not with usable keys; or the clocks differ too much',
    2: 'The issuer could not be reached, or a mistake in the command line or the set-up',
  },
  examples: [
    'npx jwt-gate check --issuer https://idp.example.com --audience https://api.example.com',
    'npx jwt-gate check --user-pool-id eu-west-1_Example --client-id 1example23456789 --token-use access',
    'npx jwt-gate check --config ./jwt-gate.config.js --json',
  ],
  run: async (args, context) => {
    const setup = await readSetup(args, context)
    if (setup === undefined) {
      throw new UsageError(
        'There is no set-up: give --issuer and --audience, or --user-pool-id and --client-id, or --config',
      )
    }
    return checkSetup(setup, context)
  },
}

/** What was found out. */
interface Findings {
  readonly issuers: VerifierEvent[]
  readonly requests: readonly SeenRequest[]
  readonly error: unknown
}

async function checkSetup(setup: Setup, context: Context): Promise<ExitCode> {
  const { io, progress } = context
  const requests = observeRequests(io, progress)
  const issuers: VerifierEvent[] = []
  const observed = { ...io, verifierFetch: requests.fetch }
  const verifier = toVerifier(setup, observed, (event) => {
    issuers.push(event)
    showEvent(event, context)
  })
  try {
    await verifier.hydrate()
    return report({ issuers, requests: requests.seen, error: undefined }, setup, context)
  } catch (error) {
    return report({ issuers, requests: requests.seen, error }, setup, context)
  } finally {
    requests.stop()
    verifier.close()
  }
}

function showEvent(event: VerifierEvent, { progress }: Context): void {
  if (event.type === 'jwks.fetched') {
    const { issuer, keys, unusable, unusableKeys, lifetimeMs } = event
    const lifetime = formatDuration(lifetimeMs / 1_000)
    progress.pass(`keys of ${escapeText(issuer)}: ${keys} usable, kept for ${lifetime}`)
    for (const { kid, reason } of unusableKeys) {
      progress.note(`a key is not used: ${escapeText(kid ?? 'without a kid')} (${reason})`)
    }
    if (unusable > unusableKeys.length) {
      progress.note(`${unusable - unusableKeys.length} other keys are not used`)
    }
  }
  if (event.type === 'jwks.failed') {
    progress.fail(`keys of ${escapeText(event.issuer)}: ${describeKeysError(event.error)}`)
  }
  if (event.type === 'jwks.not_in_use') {
    progress.note(
      `${escapeText(event.issuer)}: this form of the issuer is not in use, which is fine`,
    )
  }
}

function report({ issuers, requests, error }: Findings, setup: Setup, context: Context): ExitCode {
  const { isJson, print, printJson, style, progress } = context
  if (error !== undefined && !(error instanceof KeysError)) throw error
  const ahead = findClockDifference(requests)
  const allowed = allowedDifference(setup)
  const isClockOff = ahead !== undefined && Math.abs(ahead) > allowed
  if (ahead !== undefined) {
    const line = `clock: ${describeClock(ahead)}`
    if (isClockOff) progress.fail(`${line}; ${allowed} seconds are accepted`)
    else progress.pass(line)
  }
  const exit = toExit(error, isClockOff)
  if (isJson) {
    printJson({ alive: exit === EXIT.good, error, issuers, requests, clockAheadSeconds: ahead })
  } else if (exit === EXIT.good) {
    const given = requests.length === 0 ? ' (the keys are given: nothing was fetched)' : ''
    print(`${style.green('alive')}: tokens can be verified${given}`)
  } else {
    print(`${style.red('not alive')}: ${describeFailure(error)}`)
  }
  return exit
}

function describeFailure(error: unknown): string {
  if (isJwtGateError(error)) return `${error.code}: ${error.message}`
  return 'the clocks differ, so tokens seem expired, or not valid yet: correct the clock of this machine'
}

function toExit(error: KeysError | undefined, isClockOff: boolean): ExitCode {
  if (error === undefined) return isClockOff ? EXIT.refused : EXIT.good
  return exitOf(error)
}

/** The smallest difference: a response may have been delayed, or kept by a cache. */
function findClockDifference(requests: readonly SeenRequest[]): number | undefined {
  const found = requests.flatMap(({ clockAheadSeconds }) => clockAheadSeconds ?? [])
  return found.sort((a, b) => Math.abs(a) - Math.abs(b))[0]
}

/** The tolerance of the verifier, and a second for the resolution of `Date`. */
function allowedDifference(setup: Setup): number {
  const tolerance = 'options' in setup ? setup.options.clockToleranceSeconds : undefined
  return (tolerance ?? 5) + 1
}

function describeClock(ahead: number): string {
  if (ahead === 0) return "the same as the issuer's"
  return `${formatDuration(ahead)} ${ahead > 0 ? 'ahead of' : 'behind'} the issuer's`
}
