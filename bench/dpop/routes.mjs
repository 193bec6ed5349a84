/**
 * The contenders: each returns the handlers to put before the route, in the setup that its documentation recommends. All check the
 * signature, `exp`, `iss` and `aud` of the token. Of a proof, both check the signature, `typ`, `htm`, `htu`, `iat` and `ath`, and that
 * its key is the one that the token is bound to. jwt-gate also rejects a proof that was used before: the other library leaves
 * that to its user.
 */
import { importLibrary } from '../measure/library.mjs'

/** `sends`: the credentials of a request. */
export const ROUTES = {
  bare: { label: 'the bare route', sends: 'nothing', create: async () => [] },
  'jwt-gate bearer': { label: 'jwt-gate, bearer token', sends: 'bearer', create: createOurs },
  'jwt-gate dpop': {
    label: 'jwt-gate, DPoP, replays rejected',
    sends: 'dpop',
    refusesReplays: true,
    create: createOursWithProofs,
  },
  'express-oauth2-jwt-bearer bearer': {
    label: 'express-oauth2-jwt-bearer, bearer token',
    sends: 'bearer',
    create: createPeer,
  },
  'express-oauth2-jwt-bearer dpop': {
    label: 'express-oauth2-jwt-bearer, DPoP, replays accepted',
    sends: 'dpop',
    create: (setup) => createPeer(setup, { dpop: { enabled: true, required: true } }),
  },
}

async function createOurs({ issuer, audience, jwksUri }) {
  const { createVerifier } = await importLibrary('verify')
  const { requireJwt } = await importLibrary('express')
  return [requireJwt(createVerifier({ issuer, audience, jwksUri }))]
}

async function createOursWithProofs({ issuer, audience, jwksUri, origin }) {
  const { createVerifier } = await importLibrary('verify')
  const { requireJwt } = await importLibrary('express')
  const { memoryReplayStore } = await importLibrary('stores')
  const dpop = { replay: memoryReplayStore({ max: 5_000_000 }), required: true }
  const verifier = createVerifier({ issuer, audience, jwksUri }, { dpop })
  return [requireJwt(verifier, { origin })]
}

async function createPeer({ issuer, audience, jwksUri }, options = {}) {
  const { auth } = await import('express-oauth2-jwt-bearer')
  return [auth({ issuer, jwksUri, audience, tokenSigningAlg: 'RS256', ...options })]
}
