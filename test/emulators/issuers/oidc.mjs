/**
 * An authorization server made of oidc-provider: RFC 9068 access tokens by client credentials, with the algorithm of the
 * requested resource.
 */
import { generateKeyPairSync } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:http'
import Provider, { errors } from 'oidc-provider'

/** The resources, each with the algorithm of its tokens. */
const ALGORITHMS = {
  'https://rs256.example': 'RS256',
  'https://es256.example': 'ES256',
  'https://eddsa.example': 'EdDSA',
  'https://ps256.example': 'PS256',
  'https://other.example': 'RS256',
}

const CLIENT = { client_id: 'machine', client_secret: 'only-for-this-test' }

/** Starts it in this process. */
export async function startOidc() {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const issuer = `http://127.0.0.1:${server.address().port}`
  server.on('request', new Provider(issuer, toConfiguration()).callback())
  return {
    issuer,
    /** An access token. Without a resource, it is an opaque one. */
    getToken: async ({ resource, scope = 'read write' } = {}) => {
      const response = await fetch(`${issuer}/token`, {
        method: 'POST',
        body: new URLSearchParams({
          grant_type: 'client_credentials',
          scope,
          ...CLIENT,
          ...(resource && { resource }),
        }),
      })
      const answer = await response.json()
      if (!response.ok) throw new Error(JSON.stringify(answer))
      return answer.access_token
    },
    stop: async () => {
      server.closeAllConnections()
      await once(server.close(), 'close')
    },
  }
}

function toConfiguration() {
  return {
    jwks: { keys: createKeys() },
    clients: [
      {
        ...CLIENT,
        grant_types: ['client_credentials'],
        redirect_uris: [],
        response_types: [],
        token_endpoint_auth_method: 'client_secret_post',
      },
    ],
    scopes: ['read', 'write'],
    ttl: { ClientCredentials: 300 },
    features: {
      devInteractions: { enabled: false },
      clientCredentials: { enabled: true },
      resourceIndicators: {
        enabled: true,
        defaultResource: () => undefined,
        useGrantedResource: () => true,
        getResourceServerInfo,
      },
    },
    // values that gateways often change: lists, objects, numbers, booleans, null and other scripts
    extraTokenClaims: () => ({
      roles: ['a,b', 'c d', 'Zoë'],
      tenant: { id: 7, name: '東京 "quoted"', beta: true, until: null },
      level: 1.5,
    }),
  }
}

function getResourceServerInfo(_context, resource) {
  const alg = ALGORITHMS[resource]
  if (alg === undefined) throw new errors.InvalidTarget()
  return {
    scope: 'read write',
    audience: resource,
    accessTokenTTL: 300,
    accessTokenFormat: 'jwt',
    jwt: { sign: { alg } },
  }
}

function createKeys() {
  const pairs = {
    RS256: generateKeyPairSync('rsa', { modulusLength: 2048 }),
    PS256: generateKeyPairSync('rsa', { modulusLength: 2048 }),
    ES256: generateKeyPairSync('ec', { namedCurve: 'P-256' }),
    EdDSA: generateKeyPairSync('ed25519'),
  }
  return Object.entries(pairs).map(([alg, { privateKey }]) => ({
    ...privateKey.export({ format: 'jwk' }),
    kid: alg,
    alg,
    use: 'sig',
  }))
}
