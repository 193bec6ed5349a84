/**
 * Whose cache is filled. Each answers a function that verifies, with a cache for so many tokens.
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
