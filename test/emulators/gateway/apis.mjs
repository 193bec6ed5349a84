/**
 * The kinds of API.
 */

/**
 * Every kind of API: its kind and its authorizer's settings in serverless-offline, its authorizer's variables besides the issuer,
 * its name in the authorizer (`gateway`), and the status that clients get on AWS for a rejected token.
 */
export const APIS = {
  'rest-request': {
    kind: 'http',
    authorizer: { type: 'request' },
    gateway: 'rest-request',
    refused: 401,
  },
  'rest-token': {
    kind: 'http',
    authorizer: { type: 'token' },
    gateway: 'rest-token',
    refused: 401,
  },
  'http-1.0': {
    kind: 'httpApi',
    authorizer: { payloadVersion: '1.0' },
    gateway: 'http-1.0',
    refused: 403,
  },
  'http-2.0': {
    kind: 'httpApi',
    authorizer: { payloadVersion: '2.0' },
    gateway: 'http-2.0',
    refused: 403,
  },
  'http-2.0-simple': {
    kind: 'httpApi',
    authorizer: { payloadVersion: '2.0', enableSimpleResponses: true },
    // the emulator caches nothing, and passes only the first identity source, which is never the route
    env: { JWT_GATE_RESPONSE: 'simple', JWT_GATE_POLICY: 'request' },
    gateway: 'http-2.0',
    refused: 403,
  },
  websocket: {
    kind: 'websocket',
    env: { JWT_GATE_TOKEN: '{"query":"token"}' },
    gateway: 'websocket',
    refused: 401,
  },
}

/** The routes of an API: one that accepts every good token, and one with a rule. A WebSocket API has `$connect`. */
export function toAccess(api, rule) {
  if (api === 'websocket') return { $connect: rule }
  return { [`GET /${api}/profile`]: {}, [`GET /${api}/admin`]: rule }
}
