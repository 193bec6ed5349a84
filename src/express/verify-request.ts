/**
 * The whole way from a request to its verified token, for Express and for every other server of Node's.
 */
import type { IncomingMessage } from 'node:http'
import {
  assertB64Token,
  assertVerifiedToken,
  assertVerifier,
  isPromise,
  recall,
} from '../verify/adapter-kit.ts'
import { isJwtGateError, type VerifiedToken, type Verifier } from '../verify/index.ts'
import { readBearerCredentials } from './authorization-header.ts'
import { toHttpError } from './http-error.ts'
import {
  readVerifyRequestOptions,
  type VerifyRequestOptions,
  type VerifyRequestSettings,
} from './options.ts'

/**
 * Verifies the token of a request, for servers without Express and for WebSocket upgrades. It rejects with an error that
 * has what an answer needs: `statusCode`, `headers` (the `WWW-Authenticate` challenge among them), and `expose`, whether
 * the client may see the `message`.
 *
 * @example
 * ```ts
 * const server = createServer(async (req, res) => {
 *   const { claims } = await verifyRequest(verifier, req)
 *   res.end(`Hello ${claims.sub}`)
 * })
 * ```
 * @param req - any request of `node:http`, `node:https` or `node:http2`'s compatibility API
 * @throws {@link TokenError}, {@link AccessError} or {@link KeysError} for the request; {@link ConfigError} that names the
 * option that is wrong
 */
export async function verifyRequest<Claims>(
  verifier: Verifier<Claims>,
  req: IncomingMessage,
  options: VerifyRequestOptions = {},
): Promise<VerifiedToken<Claims>> {
  assertVerifier(verifier)
  const settings = readVerifyRequestOptions(options)
  try {
    const verified = await authenticate(verifier, req, settings)
    assertVerifiedToken(verified)
    return verified
  } catch (error) {
    throw isJwtGateError(error) ? toHttpError(error, settings) : error
  }
}

/** The verified token of a request: at once where the verifier remembers it, which a server is faster with. */
export function authenticate<Claims>(
  verifier: Verifier<Claims>,
  req: IncomingMessage,
  { getToken }: VerifyRequestSettings,
): VerifiedToken<Claims> | Promise<VerifiedToken<Claims>> {
  if (getToken === undefined) {
    const credentials = readBearerCredentials(req)
    // what a verifier remembers has the letters of a token
    return recall(verifier, credentials) ?? verifier.verify(assertB64Token(credentials) as string)
  }
  const token = getToken(req)
  // a verifier answers for a token that is missing, too
  // a thenable that is no promise of ours may call back as it likes, and its `then` may return anything
  if (isPromise(token)) return Promise.resolve(token).then((one) => verifier.verify(one as string))
  return recall(verifier, token) ?? verifier.verify(token as string)
}
