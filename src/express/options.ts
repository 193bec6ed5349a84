/**
 * The options of `requireJwt`, read once and made complete.
 */
import type { IncomingMessage } from 'node:http'
import type { Request } from 'express'
import { readChoice, readFunction, readOptions, readString } from '../verify/adapter-kit.ts'
import { ConfigError } from '../verify/index.ts'
import { type ChallengeSettings, DEFAULT_CHALLENGE } from './http-error.ts'

/** What `verifyRequest` may be told. */
export interface VerifyRequestOptions<Req = IncomingMessage> {
  /** Where the token is, at once or by a promise. @defaultValue the bearer token of the `Authorization` header */
  readonly getToken?:
    | ((req: Req) => string | undefined | PromiseLike<string | undefined>)
    | undefined
  /** The protection space, told in every challenge: printable ASCII. @defaultValue `'api'` */
  readonly realm?: string | undefined
  /** The URL of this resource's metadata (RFC 9728 s5.1), told in every challenge. @defaultValue not told */
  readonly resourceMetadataUrl?: string | undefined
}

/** What `requireJwt` may be told. */
export interface RequireJwtOptions extends VerifyRequestOptions<Request> {
  /**
   * `'missing'` lets a request without a token pass, without `req.auth`; a bad token is still refused.
   * `'missing-or-invalid'` lets a request with a bad token pass in the same way. An outage of the issuer is still a 503.
   * Security: what comes after must look at `req.auth` itself, or have `requireAccess` before it.
   * @defaultValue false
   */
  readonly optional?: false | 'missing' | 'missing-or-invalid' | undefined
}

/** Options of `verifyRequest` with nothing left to be decided. */
export interface VerifyRequestSettings extends ChallengeSettings {
  /** `undefined` for the bearer token. */
  readonly getToken:
    | ((req: IncomingMessage) => string | undefined | PromiseLike<string | undefined>)
    | undefined
}

/** Options of `requireJwt` with nothing left to be decided. */
export interface RequireJwtSettings extends VerifyRequestSettings {
  readonly optional: false | 'missing' | 'missing-or-invalid'
}

const OPTIONS = ['getToken', 'realm', 'resourceMetadataUrl']
const PRINTABLE = /^[\x20-\x7e]+$/

/** @throws {@link ConfigError} that names the option that is wrong */
export function readRequireJwtOptions(options: RequireJwtOptions): RequireJwtSettings {
  const own = readOptions('options', options, ['optional', ...OPTIONS])
  const { optional } = own
  return {
    ...toSettings(own as VerifyRequestOptions),
    optional:
      readChoice('optional', optional, [false, 'missing', 'missing-or-invalid'] as const) ?? false,
  }
}

/** @throws {@link ConfigError} that names the option that is wrong */
export function readVerifyRequestOptions(options: VerifyRequestOptions): VerifyRequestSettings {
  return toSettings(readOptions('options', options, OPTIONS))
}

function toSettings({
  getToken,
  realm,
  resourceMetadataUrl,
}: VerifyRequestOptions): VerifyRequestSettings {
  return {
    getToken: readFunction('getToken', getToken),
    realm: realm === undefined ? DEFAULT_CHALLENGE.realm : readRealm(realm),
    resourceMetadataUrl:
      resourceMetadataUrl === undefined ? undefined : readUrl(resourceMetadataUrl),
  }
}

/** RFC 9110 s5.6.4: a quoted string, in which a quote and a backslash have one before them. */
function readRealm(realm: unknown): string {
  const text = readString('realm', realm)
  if (!PRINTABLE.test(text)) throw new ConfigError('"realm" must be printable ASCII')
  return text.replaceAll(/["\\]/g, '\\$&')
}

function readUrl(url: unknown): string {
  const text = readString('resourceMetadataUrl', url)
  if (!URL.canParse(text)) throw new ConfigError('"resourceMetadataUrl" must be a URL')
  const { href, protocol } = new URL(text)
  if (protocol !== 'https:' && protocol !== 'http:') {
    throw new ConfigError('"resourceMetadataUrl" must be an http or https URL')
  }
  // a quoted string takes neither; a host may hold a quote, and a query a backslash
  return href.replaceAll(/["\\]/g, encodeURIComponent)
}
