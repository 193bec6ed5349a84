/**
 * The metadata of a protected resource (RFC 9728), with which clients find its authorization servers.
 */
import {
  type OptionNames,
  readChoice,
  readOptional,
  readOptions,
  readString,
  readStrings,
} from '../verify/adapter-kit.ts'
import { readResource } from './resource.ts'

/** The options of `protectedResourceMetadata`: the members of the metadata (RFC 9728 s2). */
export interface ProtectedResourceMetadataOptions {
  /** The resource identifier: an https URL (or http on loopback) without fragment. Also the `aud` of its tokens. Required. */
  readonly resource: string
  /** The issuers whose tokens the resource accepts. Required. */
  readonly authorizationServers: string | readonly string[]
  /** The scopes that the resource uses. @defaultValue omitted */
  readonly scopesSupported?: string | readonly string[] | undefined
  /** The supported ways to send a token (`header`, `body`, `query`). @defaultValue `['header']` */
  readonly bearerMethodsSupported?: readonly string[] | undefined
  /** The accepted values of `alg` in DPoP proofs: the `dpop.algorithms` of the verifier. @defaultValue omitted */
  readonly dpopSigningAlgValuesSupported?: string | readonly string[] | undefined
  /** Whether the resource rejects tokens that are not bound to a DPoP key: `dpop.required`. @defaultValue omitted */
  readonly dpopBoundAccessTokensRequired?: boolean | undefined
  /** Whether the resource accepts tokens that are bound to a client certificate: `mtls`. @defaultValue omitted */
  readonly tlsClientCertificateBoundAccessTokens?: boolean | undefined
  /** A human-readable name. @defaultValue omitted */
  readonly resourceName?: string | undefined
  /** The URL of the documentation for developers. @defaultValue omitted */
  readonly resourceDocumentation?: string | undefined
}

const OPTIONS: OptionNames<ProtectedResourceMetadataOptions> = {
  resource: true,
  authorizationServers: true,
  scopesSupported: true,
  bearerMethodsSupported: true,
  dpopSigningAlgValuesSupported: true,
  dpopBoundAccessTokensRequired: true,
  tlsClientCertificateBoundAccessTokens: true,
  resourceName: true,
  resourceDocumentation: true,
}

/** How a request for the metadata is answered. */
export interface MetadataAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  /** `undefined` without a body. */
  readonly body: string | undefined
}

const CORS = {
  'Access-Control-Allow-Origin': '*',
  'Access-Control-Allow-Methods': 'GET, HEAD, OPTIONS',
  'Access-Control-Allow-Headers': '*',
}

/**
 * Creates a function that answers requests for the metadata, and returns `undefined` for all others (RFC 9728 s3).
 * @throws {@link ConfigError} `ERR_CONFIG_INVALID` that names the invalid option
 */
export function createMetadataAnswer(
  options: ProtectedResourceMetadataOptions,
): (method: string, path: string) => MetadataAnswer | undefined {
  const own = readOptions('protectedResourceMetadata()', options, OPTIONS)
  const { pathname } = readResource(own.resource)
  const body = JSON.stringify(toMetadata(own))
  const home = `/.well-known/oauth-protected-resource${pathname === '/' ? '' : pathname}`
  return (method, path) => {
    if (path !== home || !['GET', 'HEAD', 'OPTIONS'].includes(method)) return undefined
    if (method === 'OPTIONS') return { status: 204, headers: CORS, body: undefined }
    const headers = { 'Cache-Control': 'public, max-age=3600', 'Content-Type': 'application/json' }
    return { status: 200, headers: { ...CORS, ...headers }, body }
  }
}

function toMetadata(options: ProtectedResourceMetadataOptions): Record<string, unknown> {
  const { scopesSupported, resourceName, resourceDocumentation } = options
  const { bearerMethodsSupported = ['header'] } = options
  return {
    resource: options.resource,
    authorization_servers: readStrings('authorizationServers', options.authorizationServers),
    scopes_supported: readOptional(readStrings, 'scopesSupported', scopesSupported),
    bearer_methods_supported: readStrings('bearerMethodsSupported', bearerMethodsSupported),
    ...toBindingMetadata(options),
    resource_name: readOptional(readString, 'resourceName', resourceName),
    resource_documentation: readOptional(
      readString,
      'resourceDocumentation',
      resourceDocumentation,
    ),
  }
}

function toBindingMetadata(options: ProtectedResourceMetadataOptions): Record<string, unknown> {
  const {
    dpopSigningAlgValuesSupported: algorithms,
    dpopBoundAccessTokensRequired: isRequired,
    tlsClientCertificateBoundAccessTokens: takesCertificates,
  } = options
  const name = 'tlsClientCertificateBoundAccessTokens'
  return {
    dpop_signing_alg_values_supported: readOptional(
      readStrings,
      'dpopSigningAlgValuesSupported',
      algorithms,
    ),
    dpop_bound_access_tokens_required: readFlag('dpopBoundAccessTokensRequired', isRequired),
    tls_client_certificate_bound_access_tokens: readFlag(name, takesCertificates),
  }
}

function readFlag(name: string, value: unknown): boolean | undefined {
  return readChoice(name, value, [true, false])
}
