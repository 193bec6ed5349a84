/**
 * Reads which tokens are to be revoked, from options.
 */
import type { RestoredTokens } from '../../stores/index.ts'
import type { Arguments } from '../arguments/parse-arguments.ts'
import { type OptionGroup, UsageError } from '../command.ts'
import { readTime } from './read-time.ts'

/** The claims by which tokens can be revoked. */
export const MEMBERS = ['jti', 'origin_jti', 'sid', 'sub', 'client_id'] as const
export type Member = (typeof MEMBERS)[number]

/** What is revoked, or taken back. `until` is `undefined` if it was not given. */
export interface Entry {
  readonly issuer: string
  readonly member: Member
  readonly value: string
  readonly issuedBefore: number | undefined
  readonly until: number | undefined
}

const TIME = 'in seconds, as 2026-07-20T12:00:00Z, or from now on, as +24h'

export const ENTRY_GROUP: OptionGroup = {
  title: 'Which tokens (or a file with a token)',
  options: {
    issuer: { type: 'text', value: '<url>', help: 'The "iss" of the tokens, exactly' },
    jti: { type: 'text', value: '<id>', help: 'One token' },
    'origin-jti': { type: 'text', value: '<id>', help: 'Cognito: all tokens of one sign-in' },
    sid: { type: 'text', value: '<id>', help: 'OpenID Connect: all tokens of one session' },
    sub: { type: 'text', value: '<id>', help: 'All tokens of one user' },
    'client-id': { type: 'list', value: '<id>', help: 'All tokens of one client' },
    'issued-before': {
      type: 'text',
      value: '<time>',
      help: 'Only tokens that were issued until then: now, or a time as for --until [default: all]',
    },
    until: {
      type: 'text',
      value: '<time>',
      help: `The latest "exp" of a token that the entry can meet, ${TIME}. Then the entry ends, so a token that lives longer would pass again [default: none, but "exp" for the jti of a token]`,
    },
    restore: { type: 'flag', help: 'Take the entries back, in place of adding one' },
  },
}

/** The option of a claim. */
export function toOption(member: Member): string {
  return member.replace('_', '-')
}

/** The claims that were given as options. */
export function givenMembers(args: Arguments): Member[] {
  return MEMBERS.filter((member) => args.has(toOption(member)))
}

/** @throws {@link UsageError} */
export function readEntry(args: Arguments, nowMs: number): Entry {
  const issuer = args.text('issuer')
  const [member, second] = givenMembers(args)
  if (member === undefined || second !== undefined) {
    const names = MEMBERS.map((one) => `--${toOption(one)}`).join(', ')
    throw new UsageError(`Give a file with a token, or --issuer and exactly one of ${names}`)
  }
  if (issuer === undefined) {
    throw new UsageError('--issuer is missing: an entry meets the tokens of one issuer')
  }
  const [value = '', another] = args.list(toOption(member)) ?? []
  if (another !== undefined) throw new UsageError('--client-id takes one client here')
  return { issuer, member, value, ...readTimes(args, nowMs) }
}

/** @throws {@link UsageError} */
export function readTimes(args: Arguments, nowMs: number): Pick<Entry, 'issuedBefore' | 'until'> {
  if (args.has('restore') && args.has('until')) {
    throw new UsageError('--until has no effect with --restore: omit it')
  }
  const until = readTime('until', args.text('until'), nowMs)
  if (until !== undefined && until <= nowMs / 1_000) {
    throw new UsageError('--until is in the past: the entry would meet no token')
  }
  return { issuedBefore: readTime('issued-before', args.text('issued-before'), nowMs), until }
}

/** The entry as the library takes it. */
export function toTokens({ issuer, member, value, issuedBefore }: Entry): RestoredTokens {
  return { issuer, [member]: value, ...(issuedBefore !== undefined && { issuedBefore }) }
}
