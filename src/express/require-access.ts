/**
 * The middleware that asks what the bearer of a verified token may do.
 */
import type { RequestHandler } from 'express'
import { assertAccess, isVerifiedToken, readAccessRule } from '../verify/adapter-kit.ts'
import {
  type AccessRule,
  ConfigError,
  type JwtClaims,
  type VerifiedToken,
} from '../verify/index.ts'
import { toHttpError } from './http-error.ts'
import { type AuthRequest, getAuth, settingsOf } from './request-auth.ts'

/**
 * Makes middleware that lets a request pass whose token allows what a rule asks for. `requireJwt` has to come before it.
 *
 * @example
 * ```ts
 * app.delete('/users/:id', requireAccess({ groups: ['admin'] }), remove)
 * ```
 * @throws {@link ConfigError} that names what is wrong in the rule
 */
export function requireAccess<Claims = JwtClaims>(rule: AccessRule<Claims>): RequestHandler {
  const checked = readAccessRule(rule)
  return (req, _res, next) => {
    try {
      assertGuarded(req)
      assertAccess(readAuth(req), checked)
    } catch (error) {
      next(toHttpError(error, settingsOf(req)))
      return
    }
    next()
  }
}

function assertGuarded(req: AuthRequest): void {
  if (settingsOf(req)) return
  throw new ConfigError('"requireAccess" needs requireJwt() to run before it on this route')
}

/** Other packages put something of their own there, which an empty rule would take for a good token. */
function readAuth(req: AuthRequest): VerifiedToken {
  const verified = getAuth(req)
  if (isVerifiedToken(verified)) return verified
  throw new ConfigError('"req.auth" is not what requireJwt() has put there')
}
