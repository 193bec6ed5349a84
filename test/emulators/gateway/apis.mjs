/**
 * The kinds of API.
 */

/**
 * Every kind of API: how serverless-offline knows it, what its authorizer is told beside the issuer, as what the
 * authorizer knows it, and the status that clients get on AWS for a token that is refused.
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
    // the emulator keeps no answers, and tells the first identity source only, which is never the route
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

/** The routes of an API: one that every good token may use, and one that has a rule. A WebSocket API has `$connect`. */
export function toAccess(api, rule) {
  if (api === 'websocket') return { $connect: rule }
  return { [`GET /${api}/profile`]: {}, [`GET /${api}/admin`]: rule }
}
