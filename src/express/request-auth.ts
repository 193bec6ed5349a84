/**
 * The state of a request after `requireJwt`: the verified token, and the parameters for `WWW-Authenticate` headers.
 */
import type { IncomingMessage } from 'node:http'
import { ConfigError, TokenError, type VerifiedToken } from '../verify/index.ts'
import { toHttpError } from './http-error.ts'
import type { TokenRequestSettings } from './options.ts'

declare global {
  namespace Express {
    interface Request {
      /** The verified token. `requireJwt` sets it; `undefined` if the request has no accepted token. */
      auth?: VerifiedToken | undefined
    }
  }
}

// shared by all copies of the package, like `req.auth`
// Stryker disable next-line StringLiteral: any unique name works
const SETTINGS = Symbol.for('jwt-gate.challenge')

interface SettingsHolder {
  [SETTINGS]?: TokenRequestSettings
}

/** The members of a request that this module uses. `auth` is `unknown`, because other packages (the MCP SDK) also declare it. */
export interface AuthRequest extends IncomingMessage, SettingsHolder {
  auth?: unknown
  /** Set by Express. */
  res?: LocalsHolder | undefined
}

/** The members of a response that this module uses. */
interface LocalsHolder {
  locals?: SettingsHolder
}

/** Stores the result of `requireJwt`. */
export function setAuth(
  req: AuthRequest,
  settings: TokenRequestSettings,
  verified: VerifiedToken | undefined,
): void {
  holderOf(req)[SETTINGS] = settings
  // reading it first would take a microsecond
  if (verified !== undefined || req.auth !== undefined) req.auth = verified
}

/** The `WWW-Authenticate` parameters for this request; `undefined` if `requireJwt` did not run. */
export function settingsOf(req: AuthRequest): TokenRequestSettings | undefined {
  return holderOf(req)[SETTINGS]
}

/**
 * `res.locals` if available: Express changes the prototype of its requests, after which each new member costs microseconds. It is
 * found through the request alone, because `getAuth` has nothing else: a test double may have a response that it does not know.
 */
function holderOf(req: AuthRequest): SettingsHolder {
  return req.res?.locals ?? req
}

/** The error for a route without `requireJwt`: nobody looked for a token there, so its absence is no fault of the caller. */
export function toUnguarded(name: string): ConfigError {
  return new ConfigError(`"${name}" needs requireJwt() to run before it on this route`)
}

/**
 * Returns the verified token of a request, after `requireJwt`.
 *
 * @example
 * ```ts
 * app.get('/profile', requireJwt(verifier), (req, res) => res.json(getAuth(req).claims))
 * ```
 * @typeParam Claims - the claims type of the verifier, such as `CognitoAccessClaims`. It is not checked here
 * @param req - the request
 * @returns `req.auth`
 * @throws {@link TokenError} `ERR_TOKEN_MISSING` if the request has no verified token, because tokens are optional on this route
 * @throws {@link ConfigError} `ERR_CONFIG_INVALID` if `requireJwt` did not run on this route
 */
export function getAuth<Claims = VerifiedToken['claims']>(
  req: Pick<AuthRequest, 'auth'>,
): VerifiedToken<Claims> {
  if (req.auth) return req.auth as VerifiedToken<Claims>
  const settings = settingsOf(req as AuthRequest)
  throw toHttpError(
    settings ? new TokenError('ERR_TOKEN_MISSING') : toUnguarded('getAuth'),
    settings,
  )
}
