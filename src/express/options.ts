/**
 * The options of `requireJwt`, read once and made complete.
 */
import type { IncomingMessage } from 'node:http'
import type { Request } from 'express'
import { assertOptions, readChoice, readFunction, readString } from '../verify/adapter-kit.ts'
import { ConfigError } from '../verify/index.ts'
import { readBearerToken } from './authorization-header.ts'
import { type ChallengeSettings, DEFAULT_CHALLENGE } from './http-error.ts'

/** What `requireJwt` may be told. */
export interface RequireJwtOptions {
  /**
   * `'missing'` lets a request without a token pass, without `req.auth`; a bad token is still refused.
   * `'missing-or-invalid'` lets a request with a bad token pass in the same way. An outage of the issuer is still a 503.
   * Security: what comes after must look at `req.auth` itself, or have `requireAccess` before it.
   * @defaultValue false
   */
  readonly optional?: false | 'missing' | 'missing-or-invalid' | undefined
  /** Where the token is. @defaultValue the bearer token of the `Authorization` header */
  readonly getToken?: ((req: Request) => string | undefined) | undefined
  /** The protection space, told in every challenge: printable ASCII. @defaultValue `'api'` */
  readonly realm?: string | undefined
  /** The URL of this resource's metadata (RFC 9728 s5.1), told in every challenge. @defaultValue not told */
  readonly resourceMetadataUrl?: string | undefined
}

/** Options with nothing left to be decided. */
export interface RequireJwtSettings extends ChallengeSettings {
  readonly optional: false | 'missing' | 'missing-or-invalid'
  readonly getToken: (req: IncomingMessage) => string | undefined
}

const OPTIONS = ['optional', 'getToken', 'realm', 'resourceMetadataUrl']
const PRINTABLE = /^[\x20-\x7e]+$/

/** @throws {@link ConfigError} that names the option that is wrong */
export function readRequireJwtOptions(options: RequireJwtOptions): RequireJwtSettings {
  assertOptions('options', options, OPTIONS)
  const { optional, getToken, realm, resourceMetadataUrl } = options
  return {
    optional:
      readChoice('optional', optional, [false, 'missing', 'missing-or-invalid'] as const) ?? false,
    getToken:
      (readFunction('getToken', getToken) as RequireJwtSettings['getToken']) ?? readBearerToken,
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
  // an http(s) URL in its normal form holds neither quotes nor backslashes
  const { href, protocol } = new URL(text)
  if (protocol === 'https:' || protocol === 'http:') return href.replaceAll('"', '%22')
  throw new ConfigError('"resourceMetadataUrl" must be an http or https URL')
}
