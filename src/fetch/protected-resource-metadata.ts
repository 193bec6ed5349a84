/**
 * The metadata of a protected resource (RFC 9728), with which clients find its authorization servers.
 */
import {
  createMetadataAnswer,
  type ProtectedResourceMetadataOptions,
} from '../http-request/resource-metadata.ts'
import { assertWebRequest } from './web-request.ts'

/**
 * Creates a function that responds to `GET /.well-known/oauth-protected-resource`, followed by the path of the resource, if it has one
 * (RFC 9728 s3). Call it before `verifyRequest`. The response is public: it needs no token, and pages of every origin can read it.
 *
 * @example
 * ```ts
 * const metadata = protectedResourceMetadata({
 *   resource: 'https://api.example.com/orders',
 *   authorizationServers: ['https://idp.example.com'],
 * })
 * app.use(async (c, next) => metadata(c.req.raw) ?? next())
 * ```
 * @param options - the members of the metadata
 * @returns a function that returns a new response, or `undefined` for all other requests
 * @throws {@link ConfigError} `ERR_CONFIG_INVALID` that names the invalid option
 */
export function protectedResourceMetadata(
  options: ProtectedResourceMetadataOptions,
): (request: Request) => Response | undefined {
  const answer = createMetadataAnswer(options)
  return (request) => {
    assertWebRequest(request)
    const found = answer(request.method, new URL(request.url).pathname)
    if (found === undefined) return undefined
    const { status, headers, body } = found
    // the body of a response to HEAD is for a GET
    const isEmpty = body === undefined || request.method === 'HEAD'
    return new Response(isEmpty ? null : body, { status, headers })
  }
}
