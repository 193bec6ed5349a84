/**
 * Middleware for authorization: checks the verified token of a request against an access rule.
 */
import type { RequestHandler } from 'express'
import { reject } from '../http-request/request-events.ts'
import { assertAccess, isVerifiedToken, readAccessRule } from '../verify/adapter-kit.ts'
import {
  type AccessRule,
  ConfigError,
  type JwtClaims,
  type VerifiedToken,
} from '../verify/index.ts'
import { assertCalled } from './assert-called.ts'
import { describeRequest } from './request/describe-request.ts'
import { type AuthRequest, getAuth, settingsOf, toUnguarded } from './request-auth.ts'

/**
 * Creates middleware that lets a request pass if its token meets an access rule. All other requests go to the error handler, with
 * the status and `WWW-Authenticate` header that RFC 6750 s3 defines. `requireJwt` must run before it; otherwise, every request
 * fails with 500.
 *
 * @example
 * ```ts
 * app.delete('/users/:id', requireAccess({ groups: ['admin'] }), remove)
 * ```
 * @param rule - the conditions, all of which must be met. `{}` requires only a verified token
 * @returns middleware for Express 4 and 5. It passes `AccessError`, `TokenError` or `ConfigError` to `next`
 * @throws {@link ConfigError} `ERR_CONFIG_INVALID` that names the invalid option of the rule
 */
export function requireAccess<Claims = JwtClaims>(rule: AccessRule<Claims>): RequestHandler {
  assertCalled('requireAccess({ … })', rule)
  const checked = readAccessRule(rule)
  return (req, _res, next) => {
    const settings = settingsOf(req)
    try {
      if (!settings) throw toUnguarded('requireAccess')
      assertAccess(readAuth(req), checked)
    } catch (thrown) {
      next(reject(thrown, () => describeRequest(req), settings))
      return
    }
    next()
  }
}

/** Other packages also set `req.auth`. An empty rule would accept their value as a verified token. */
function readAuth(req: AuthRequest): VerifiedToken {
  const verified = getAuth(req)
  if (isVerifiedToken(verified)) return verified
  throw new ConfigError('"req.auth" was not set by requireJwt()')
}
