/**
 * Reads the options of `requireJwt` once, validates them and applies the defaults.
 */
import type { IncomingMessage } from 'node:http'
import type { Request } from 'express'
import {
  type VerifyRequestOptions as AnyVerifyRequestOptions,
  TOKEN_REQUEST_OPTIONS,
  type TokenRequestOptions,
  type TokenRequestSettings,
  toTokenRequestSettings,
} from '../http-request/request-options.ts'
import { readChoice, readOptions } from '../verify/adapter-kit.ts'
import type { Verifier } from '../verify/index.ts'

/** The options of `verifyRequest`. */
export interface VerifyRequestOptions<Req = IncomingMessage, Claims = unknown>
  extends AnyVerifyRequestOptions<Req, Claims> {}

/** The options of `requireJwt`. */
export interface RequireJwtOptions extends TokenRequestOptions<Request> {
  /**
   * `'missing'`: a request without a token passes, without `req.auth`. An invalid token is still rejected.
   * `'missing-or-invalid'`: a request with an invalid token also passes, without `req.auth`. An outage of the issuer is still a
   * 503.
   *
   * Security: unauthenticated requests reach your routes. Each of them must check `req.auth`, or use `requireAccess`.
   * @defaultValue false
   */
  readonly optional?: false | 'missing' | 'missing-or-invalid' | undefined
}

/** Validated options of `requireJwt` with all defaults applied. */
export interface RequireJwtSettings extends TokenRequestSettings {
  readonly optional: false | 'missing' | 'missing-or-invalid'
}

/** The host of a request is what its client has named. */
export const HIDDEN = { origin: true, certificate: false }

/** @throws {@link ConfigError} that names the invalid option */
export function readRequireJwtOptions(
  options: RequireJwtOptions,
  verifier: Verifier<unknown>,
): RequireJwtSettings {
  const own = readOptions('requireJwt()', options, { optional: true, ...TOKEN_REQUEST_OPTIONS })
  const { optional } = own
  return {
    ...toTokenRequestSettings(own, verifier, HIDDEN),
    optional:
      readChoice('optional', optional, [false, 'missing', 'missing-or-invalid'] as const) ?? false,
  }
}
