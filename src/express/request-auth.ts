/**
 * What a request carries after `requireJwt`: the verified token, and how refusals of this request are worded.
 */
import type { IncomingMessage } from 'node:http'
import { TokenError, type VerifiedToken } from '../verify/index.ts'
import { type ChallengeSettings, toHttpError } from './http-error.ts'

declare global {
  namespace Express {
    interface Request {
      /** The verified token, where `requireJwt` ran and the request had one. */
      auth?: VerifiedToken | undefined
    }
  }
}

// shared by every copy of the package, as `req.auth` is
// Stryker disable next-line StringLiteral: any name would do that nobody else uses
const SETTINGS = Symbol.for('jwt-gate.challenge')

interface SettingsHolder {
  [SETTINGS]?: ChallengeSettings
}

/** A request, seen from here. Other packages (the MCP SDK) say that their own type is in `auth`. */
export interface AuthRequest extends IncomingMessage, SettingsHolder {
  auth?: unknown
  /** Express sets it. */
  res?: LocalsHolder | undefined
}

/** A response, seen from here. */
interface LocalsHolder {
  locals?: SettingsHolder
}

/** Remembers what `requireJwt` found out. */
export function setAuth(
  req: AuthRequest,
  res: LocalsHolder,
  settings: ChallengeSettings,
  verified: VerifiedToken | undefined,
): void {
  holderOf(req, res)[SETTINGS] = settings
  // to look before it is set would take a microsecond
  if (verified !== undefined || req.auth !== undefined) req.auth = verified
}

/** The wording for refusals of this request; `undefined` where no `requireJwt` ran. */
export function settingsOf(req: AuthRequest): ChallengeSettings | undefined {
  return holderOf(req, req.res)[SETTINGS]
}

/** Express gives its requests another prototype, after which each new member of one costs microseconds. */
function holderOf(req: AuthRequest, res: LocalsHolder | undefined): SettingsHolder {
  return res?.locals ?? req
}

/**
 * The verified token of a request.
 *
 * @example
 * ```ts
 * app.get('/profile', requireJwt(verifier), (req, res) => res.json(getAuth(req).claims))
 * ```
 * @typeParam Claims - what the verifier was set up for, such as `CognitoAccessClaims`; it is not checked here
 * @throws {@link TokenError} `ERR_TOKEN_MISSING` where the request has none
 */
export function getAuth<Claims = VerifiedToken['claims']>(
  req: Pick<AuthRequest, 'auth'>,
): VerifiedToken<Claims> {
  if (req.auth) return req.auth as VerifiedToken<Claims>
  throw toHttpError(new TokenError('ERR_TOKEN_MISSING'), settingsOf(req as AuthRequest))
}
