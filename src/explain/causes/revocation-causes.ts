/**
 * The token was revoked, or nobody knows whether it was.
 */
import type { Cause } from '../explanation.ts'
import type { Facts } from '../facts.ts'
import { quote } from '../show.ts'
import type { RevokedBy } from '../watched-list.ts'
import { cause, type Problem } from './cause.ts'
import { describeCause } from './custom-causes.ts'

const BY: Readonly<Record<RevokedBy, readonly [title: string, cure: string]>> = {
  jti: ['This token was revoked', 'Get a new token.'],
  origin_jti: ['The sign-in of this token was revoked', 'Sign in again.'],
  sid: ['The session of this token was revoked', 'Sign in again.'],
  sub: [
    'The tokens of this user were revoked',
    'If the entry has an "issuedBefore", sign in again: newer tokens pass.',
  ],
  client_id: [
    'The tokens of this client were revoked',
    'If the entry has an "issuedBefore", get a new token: newer ones pass.',
  ],
}
const MISTAKE =
  'If it was a mistake, take the entry back with restore(), or jwt-gate revoke --restore.'

export function findRevokedCauses({ revokedBy, payload }: Facts): Cause[] {
  if (revokedBy === undefined) {
    return [
      cause(
        'The token was revoked',
        `It is in the list of revoked tokens. Sign in again. ${MISTAKE}`,
      ),
    ]
  }
  const [title, cure] = BY[revokedBy]
  const value = payload[revokedBy]
  const entry = value === undefined ? revokedBy : `${revokedBy} ${quote(value)}`
  return [
    cause(title, `The list of revoked tokens has an entry for its ${entry}. ${cure} ${MISTAKE}`),
  ]
}

export function findListCauses(_facts: Facts, { reason, error }: Problem): Cause[] {
  if (reason === 'not_loaded') {
    return [
      cause(
        'The list of revoked tokens was not read yet',
        'verifySync cannot wait for it: call hydrate() of the verifier first.',
      ),
    ]
  }
  return [
    cause(
      'The list of revoked tokens cannot be read',
      `${describeFailure(reason, error)}. Is the store running, and does its client reach it? With "whenStale": "refuse", tokens are rejected until it can be read again.`,
    ),
  ]
}

function describeFailure(reason: string | undefined, error: unknown): string {
  if (reason === 'timeout') return 'Its store did not respond before the time limit of the function'
  const because = describeCause(error)
  return because === undefined ? 'Its store does not answer' : `Its store has failed: ${because}`
}
