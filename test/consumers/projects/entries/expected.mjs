/**
 * What the uses of the entries print, in each runtime.
 */
export const EXPECTED = {
  '.': {
    inMemory: 'alice',
    fetched: 'alice',
    sync: 'alice',
    expired: 'ERR_TOKEN_EXPIRED',
    access: 'ERR_ACCESS_SCOPE',
  },
  './express': [
    [200, 'alice'],
    [403, ''],
    [401, ''],
  ],
  './fetch': ['alice', 401],
  './issuers': 'auth0|alice',
  './lambda': ['alice', 401],
  './lambda-authorizer': ['Allow', 'alice', 'Unauthorized'],
  './slim': ['Allow', 'Unauthorized'],
  './stores': ['alice', 'ERR_TOKEN_REVOKED', true, false],
  './explain': ['ERR_TOKEN_EXPIRED', true],
  './testing': ['bob', 'bob', 'ERR_KEY_NOT_FOUND'],
  './package.json': 'jwt-gate',
}
