/**
 * The caches that are filled. Each entry returns a function that verifies, with a cache for this many tokens.
 */
import { createJwtGate } from '../tokens/jwt-gate.mjs'
import { createFastJwt } from '../tokens/peers.mjs'

export const CACHES = {
  'jwt-gate': {
    label: 'jwt-gate',
    create: async (setup, max) => (await createJwtGate(setup, { tokenCache: { max } })).verify,
  },
  'fast-jwt': {
    label: 'fast-jwt',
    create: (setup, max) => createFastJwt(setup, { cache: max }),
  },
}
