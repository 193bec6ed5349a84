/**
 * What a protected resource tells about itself (RFC 9728), so that clients find out where tokens for it come from.
 */
import type { RequestHandler } from 'express'
import { readOptional, readOptions, readString, readStrings } from '../verify/adapter-kit.ts'
import { readResource } from './resource.ts'

/** The metadata of a resource (RFC 9728 s2). */
export interface ProtectedResourceMetadataOptions {
  /** The resource's own URL: https (or http on loopback), without fragment. It is also the `aud` of its tokens. */
  readonly resource: string
  /** The issuers whose tokens it takes. */
  readonly authorizationServers: string | readonly string[]
  /** The scopes that it asks for. @defaultValue not told */
  readonly scopesSupported?: string | readonly string[] | undefined
  /** How tokens may be sent. @defaultValue `['header']` */
  readonly bearerMethodsSupported?: readonly string[] | undefined
  /** A name for people. @defaultValue not told */
  readonly resourceName?: string | undefined
  /** The URL of a page for developers. @defaultValue not told */
  readonly resourceDocumentation?: string | undefined
}

const OPTIONS = [
  'resource',
  'authorizationServers',
  'scopesSupported',
  'bearerMethodsSupported',
  'resourceName',
  'resourceDocumentation',
]

/**
 * Makes a handler for `GET /.well-known/oauth-protected-resource`, followed by the path of the resource where it has
 * one. Mount it at the root of the app. It needs no token, and pages of every origin may read it.
 *
 * @example
 * ```ts
 * app.use(protectedResourceMetadata({
 *   resource: 'https://api.example.com/orders',
 *   authorizationServers: ['https://idp.example.com'],
 * }))
 * ```
 * @throws {@link ConfigError} that names the option that is wrong
 */
export function protectedResourceMetadata(
  options: ProtectedResourceMetadataOptions,
): RequestHandler {
  const own = readOptions('options', options, OPTIONS)
  const resource = readResource(own.resource)
  const body = JSON.stringify(toMetadata(own))
  const path = `/.well-known/oauth-protected-resource${resource.pathname === '/' ? '' : resource.pathname}`
  return (req, res, next) => {
    if (req.path !== path || !['GET', 'HEAD', 'OPTIONS'].includes(req.method)) return next()
    res.set({
      'Access-Control-Allow-Origin': '*',
      'Access-Control-Allow-Methods': 'GET, HEAD, OPTIONS',
      'Access-Control-Allow-Headers': '*',
    })
    if (req.method === 'OPTIONS') res.status(204).end()
    else res.set('Cache-Control', 'public, max-age=3600').type('application/json').send(body)
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
    resource_name: readOptional(readString, 'resourceName', resourceName),
    resource_documentation: readOptional(
      readString,
      'resourceDocumentation',
      resourceDocumentation,
    ),
  }
}
