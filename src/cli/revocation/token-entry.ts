/**
 * Takes what is to be revoked out of a token. The token is verified first, unless the user says otherwise.
 */
import { isJwtGateError } from '../../verify/index.ts'
import type { Arguments } from '../arguments/parse-arguments.ts'
import { type Context, type OptionGroup, UsageError } from '../command.ts'
import { observeRequests } from '../output/requests.ts'
import { readSetup, type Setup, toVerifier } from '../setup/read-setup.ts'
import { readToken } from '../token-input.ts'
import { parseUnverified } from '../unverified-token.ts'
import {
  type Entry,
  givenMembers,
  MEMBERS,
  type Member,
  readTimes,
  toOption,
} from './read-entry.ts'

export const TOKEN_GROUP: OptionGroup = {
  title: 'From a token',
  options: {
    by: {
      type: 'text',
      value: '<claim>',
      help: 'The claim to revoke by: jti, origin_jti, sid, sub or client_id [default: jti]',
    },
    unverified: {
      type: 'flag',
      help: 'Do not verify the token: whoever wrote it says whose tokens are revoked',
    },
  },
}

type Claims = Readonly<Record<string, unknown>>

/** The longest tolerance of a verifier for a token that has expired. */
const MAX_TOLERANCE_SECONDS = 600
/** The claims with the client, in the order in which they are looked for. */
const CLIENT = ['client_id', 'azp', 'cid', 'appid']

/** @throws {@link UsageError}, and what the verifier throws */
export async function readTokenEntry(args: Arguments, context: Context): Promise<Entry> {
  const [given] = givenMembers(args).filter((one) => one !== 'client_id')
  if (given !== undefined) {
    throw new UsageError(`--${toOption(given)} cannot be used with a token: use --by ${given}`)
  }
  // the message about a missing file would show its password
  if (/^rediss?:/i.test(args.positionals[0] ?? '')) {
    throw new UsageError('The URL of Redis needs its option: --redis, or better --redis-env')
  }
  const by = readBy(args.text('by'))
  const nowMs = context.io.now()
  const times = readTimes(args, nowMs)
  const claims = await readClaims(args, context)
  const { iss, exp } = claims
  const names = by === 'client_id' ? CLIENT : [by]
  const value = names.map((name) => claims[name]).find((one) => typeof one === 'string' && one)
  if (typeof iss !== 'string' || typeof value !== 'string') {
    throw new UsageError(`The token has no ${by}: choose another claim with --by`)
  }
  const entry = { issuer: iss, member: by, value, ...times }
  // other tokens with the same value may expire later
  if (by !== 'jti' || times.until !== undefined || typeof exp !== 'number') return entry
  if (exp + MAX_TOLERANCE_SECONDS > nowMs / 1_000) return { ...entry, until: exp }
  throw new UsageError('The token has expired: there is nothing to revoke')
}

function readBy(text = 'jti'): Member {
  const by = MEMBERS.find((member) => member === text || toOption(member) === text)
  if (by !== undefined) return by
  throw new UsageError(`--by must be one of ${MEMBERS.join(', ')}`)
}

async function readClaims(args: Arguments, context: Context): Promise<Claims> {
  const setup = args.has('unverified') ? undefined : await readSetup(args, context)
  if (setup === undefined && !args.has('unverified')) {
    throw new UsageError(
      'There is no set-up to verify the token with: give --issuer and --audience, or --config. --unverified takes it as it is',
    )
  }
  const token = await readToken(args, context, 'revoke')
  if (setup) await verify(token, setup, context)
  else context.progress.note('UNVERIFIED: the token was not verified, as you have said')
  const parsed = parseUnverified(token)
  if (typeof parsed === 'string') throw new UsageError(`This is not a JWT: ${parsed}`)
  if (parsed.payload) return parsed.payload
  throw new UsageError('The token is encrypted (JWE): its claims cannot be read')
}

/** A token that was revoked already is genuine: it may get another entry, or be restored. */
async function verify(token: string, setup: Setup, { io, progress }: Context): Promise<void> {
  const requests = observeRequests(io, progress)
  try {
    await toVerifier(setup, { ...io, verifierFetch: requests.fetch }).verify(token)
  } catch (error) {
    if (!isJwtGateError(error) || error.code !== 'ERR_TOKEN_REVOKED') throw error
  } finally {
    requests.stop()
    progress.end()
  }
}
