/**
 * The contenders, each in the setup that its documentation recommends for given keys. All check the signature, `exp`, `iss`,
 * `client_id` and `token_use`. If a library has no option for the last two, they are checked by hand after it. `create` gets the
 * setup of `measure/fixtures.mjs`, and returns the function that verifies.
 */

import { sha256, signatureAlone, stringAlone } from './baselines.mjs'
import { createJwtGate } from './jwt-gate.mjs'
import * as peers from './peers.mjs'

const ALL = ['RS256', 'ES256', 'EdDSA']
const RSA = ['RS256']

/** Only `repeated`: makes no sense for distinct tokens. `awaited`: returns a promise. */
export const CONTENDERS = {
  signature: {
    label: '`crypto.verify`, the signature alone',
    algorithms: ALL,
    scenarios: ['single'],
    isBaseline: true,
    ...signatureAlone,
  },
  string: {
    label: 'making the string alone',
    algorithms: RSA,
    scenarios: ['repeated'],
    isBaseline: true,
    ...stringAlone,
  },
  sha256: {
    label: 'one SHA-256 of the token',
    algorithms: RSA,
    scenarios: ['repeated'],
    isBaseline: true,
    ...sha256,
  },
  'jwt-gate': {
    label: 'jwt-gate `verify`',
    algorithms: ALL,
    awaited: true,
    create: async (setup) => (await createJwtGate(setup)).verify,
  },
  'jwt-gate sync': {
    label: 'jwt-gate `verifySync`',
    algorithms: ALL,
    create: async (setup) => (await createJwtGate(setup)).verifySync,
  },
  'jwt-gate uncached': {
    label: 'jwt-gate `verify`, cache off',
    algorithms: ALL,
    scenarios: ['single', 'inFlight'],
    awaited: true,
    create: async (setup) => (await createJwtGate(setup, { tokenCache: false })).verify,
  },
  aws: {
    label: 'aws-jwt-verify `verify`',
    algorithms: ALL,
    awaited: true,
    create: peers.createAws,
  },
  'aws sync': {
    label: 'aws-jwt-verify `verifySync`',
    algorithms: ALL,
    create: peers.createAwsSync,
  },
  'fast-jwt': {
    label: 'fast-jwt, PEM key',
    algorithms: ALL,
    create: peers.createFastJwt,
  },
  'fast-jwt cache': {
    label: 'fast-jwt, PEM key, its cache',
    algorithms: RSA,
    create: (setup) => peers.createFastJwt(setup, { cache: 5_000 }),
  },
  'fast-jwt cache by token': {
    label: 'fast-jwt, PEM key, its cache with whole tokens as keys',
    algorithms: RSA,
    scenarios: ['repeated'],
    create: (setup) =>
      peers.createFastJwt(setup, { cache: 5_000, cacheKeyBuilder: (token) => token }),
  },
  'fast-jwt keys': {
    label: 'fast-jwt, key function over a JWKS',
    algorithms: RSA,
    awaited: true,
    create: peers.createFastJwtWithKeys,
  },
  jose: {
    label: 'jose `jwtVerify`, local JWKS',
    algorithms: ALL,
    awaited: true,
    create: peers.createJose,
  },
  jsonwebtoken: {
    label: 'jsonwebtoken + jwks-rsa',
    algorithms: ['RS256', 'ES256'],
    awaited: true,
    create: peers.createJsonwebtoken,
  },
}

/** The contenders for an algorithm. */
export function listContenders(alg) {
  return Object.keys(CONTENDERS).filter((name) => CONTENDERS[name].algorithms.includes(alg))
}
