/**
 * The token is too old or not valid yet, or a clock is wrong.
 */
import { formatDuration } from '../../terminal/times.ts'
import type { Cause } from '../explanation.ts'
import type { Facts } from '../facts.ts'
import { isInMilliseconds, showTime } from '../times.ts'
import { cause, type Problem } from './cause.ts'

/** A clock that is off by more than this would be noticed elsewhere. */
const MAX_OFF_SECONDS = 86_400

export function findTimeCauses(facts: Facts, problem: Problem): Cause[] {
  switch (problem.code) {
    case 'ERR_TOKEN_EXPIRED':
      return expired(facts)
    case 'ERR_TOKEN_TOO_OLD':
      return [tooOld(facts)]
    default:
      return notActive(facts, problem.claim === 'iat' ? 'iat' : 'nbf')
  }
}

function expired({ payload, nowSeconds, nearest }: Facts): Cause[] {
  const { exp, iat } = payload as { exp: number; iat?: unknown }
  const tolerance = nearest?.claims.clockToleranceSeconds ?? 0
  const past = nowSeconds - exp
  const expiry = cause(
    'The token has expired',
    `It expired ${formatDuration(past)} ago, at ${showTime(exp)}. Get a new token: the client should use its refresh token, or sign in again, some seconds before "exp".${past > tolerance + 60 ? '' : ' A larger "clockToleranceSeconds" would have helped.'}`,
  )
  if (typeof iat !== 'number' || iat >= exp || nowSeconds - iat > MAX_OFF_SECONDS) return [expiry]
  const ahead = nowSeconds - iat
  return [
    expiry,
    cause(
      'The clock of this machine may be ahead',
      `If the token was issued just now, this clock is ${formatDuration(ahead)} ahead: "iat" is ${showTime(iat)}, and the clock says ${showTime(Math.floor(nowSeconds))}. Synchronize it (NTP).`,
    ),
  ]
}

function notActive({ payload, nowSeconds }: Facts, claim: 'iat' | 'nbf'): Cause[] {
  const time = payload[claim] as number
  if (isInMilliseconds(time)) return [inMilliseconds(claim)]
  const early = time - nowSeconds
  const clock = cause(
    'The clock of this machine is behind, or that of the issuer is ahead',
    `"${claim}" is ${formatDuration(early)} in the future: ${showTime(time)}, and the clock says ${showTime(Math.floor(nowSeconds))}. Synchronize both (NTP). For a small difference, raise "clockToleranceSeconds".`,
  )
  if (claim === 'iat' || payload['iat'] === time) return [clock]
  const later = cause(
    'The token is not valid yet',
    `It is valid in ${formatDuration(early)}, at ${showTime(time)} ("nbf"). Wait, or have the issuer set "nbf" to the time of issue.`,
  )
  return [later, clock]
}

function inMilliseconds(claim: string): Cause {
  return cause(
    'A time of the token is in milliseconds',
    `"${claim}" must be in seconds since 1970 (RFC 7519 s2). Have the issuer write Math.floor(Date.now() / 1000).`,
  )
}

function tooOld({ payload, nowSeconds, nearest }: Facts): Cause {
  const { iat } = payload as { iat: number }
  const max = nearest?.claims.maxTokenAgeSeconds ?? 0
  return cause(
    'The token was issued too long ago',
    `It was issued ${formatDuration(nowSeconds - iat)} ago, and "maxTokenAgeSeconds" is ${max}. Get a new token, or raise "maxTokenAgeSeconds" above the lifetime of the issuer's tokens.`,
  )
}
