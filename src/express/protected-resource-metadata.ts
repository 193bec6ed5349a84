/**
 * The metadata of a protected resource (RFC 9728), with which clients find its authorization servers.
 */
import type { RequestHandler } from 'express'
import {
  createMetadataAnswer,
  type ProtectedResourceMetadataOptions,
} from '../http-request/resource-metadata.ts'
import { assertCalled } from './assert-called.ts'

/**
 * Creates a handler for `GET /.well-known/oauth-protected-resource`, followed by the path of the resource, if it has one
 * (RFC 9728 s3). Mount it at the root of the app, before `requireJwt`. The response is public: it needs no token, and pages of
 * every origin can read it.
 *
 * @example
 * ```ts
 * app.use(protectedResourceMetadata({
 *   resource: 'https://api.example.com/orders',
 *   authorizationServers: ['https://idp.example.com'],
 * }))
 * ```
 * @param options - the members of the metadata
 * @returns middleware that calls `next()` for all other requests
 * @throws {@link ConfigError} `ERR_CONFIG_INVALID` that names the invalid option
 */
export function protectedResourceMetadata(
  options: ProtectedResourceMetadataOptions,
): RequestHandler {
  assertCalled('protectedResourceMetadata({ … })', options)
  const answer = createMetadataAnswer(options)
  return (req, res, next) => {
    const found = answer(req.method, req.path)
    if (found === undefined) return next()
    const { status, headers, body } = found
    res.status(status).set(headers).send(body)
  }
}
