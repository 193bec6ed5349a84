/**
 * An authorization server on loopback: metadata, keys, and tokens of the client credentials grant for the resource that a client
 * names (RFC 8707).
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createTestIssuer, type TestClaims } from 'jwt-gate/testing'

export interface AuthorizationServer {
  readonly issuer: string
  /** The forms that its token endpoint received. */
  readonly asked: readonly URLSearchParams[]
  /** A token of this server for any resource. */
  readonly token: (claims: TestClaims) => Promise<string>
  readonly close: () => void
}

export async function startAuthorizationServer(): Promise<AuthorizationServer> {
  const keys = await createTestIssuer()
  const asked: URLSearchParams[] = []
  const server = createServer((req, res) => void answer(req, res))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const token = (claims: TestClaims): Promise<string> => {
    const iat = Math.floor(Date.now() / 1_000)
    return keys.token({ iss: issuer, iat, exp: iat + 600, client_id: 'agent', ...claims })
  }

  async function answer(req: IncomingMessage, res: ServerResponse): Promise<void> {
    const body = await toBody(req)
    res.writeHead(body ? 200 : 404, { 'content-type': 'application/json' })
    res.end(JSON.stringify(body ?? {}))
  }

  async function toBody(req: IncomingMessage): Promise<object | undefined> {
    switch (`${req.method} ${req.url}`) {
      case 'GET /.well-known/oauth-authorization-server':
      case 'GET /.well-known/openid-configuration':
        return toMetadata(issuer)
      case 'GET /jwks':
        return keys.jwks
      case 'POST /token':
        return grant(await readForm(req))
      default:
        return undefined
    }
  }

  async function grant(form: URLSearchParams): Promise<object> {
    asked.push(form)
    const access_token = await token({ aud: form.get('resource'), scope: form.get('scope') })
    return { access_token, token_type: 'Bearer', expires_in: 600 }
  }

  return { issuer, asked, token, close: () => void server.close().closeAllConnections() }
}

function toMetadata(issuer: string): object {
  return {
    issuer,
    jwks_uri: `${issuer}/jwks`,
    token_endpoint: `${issuer}/token`,
    authorization_endpoint: `${issuer}/authorize`,
    response_types_supported: ['code'],
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: ['RS256'],
    token_endpoint_auth_methods_supported: ['client_secret_basic'],
    grant_types_supported: ['client_credentials'],
  }
}

async function readForm(req: IncomingMessage): Promise<URLSearchParams> {
  let text = ''
  for await (const chunk of req.setEncoding('utf8')) text += chunk
  return new URLSearchParams(text)
}
