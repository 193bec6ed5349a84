/**
 * Mints tokens with the issuer of the testing kit: the claims of its access tokens, signed with a key of any algorithm.
 */
import { randomUUID } from 'node:crypto'

const SIX_HOURS = 21_600
const BATCH = 500
// makes an RS256 token 1.1 KB long
const GROUPS = { 'cognito:groups': ['eu-west-1_staff', 'orders-readers'] }

/** Returns a function that mints distinct tokens with the issuer's first key for an algorithm. */
export async function createMint(issuer, alg) {
  const key = issuer.keyFor(alg)
  const claims = { ...readPayload(await issuer.accessToken()), ...GROUPS }
  claims.exp = claims.iat + SIX_HOURS
  const one = (changes) => issuer.token({ ...claims, ...toIds(), ...changes }, { key })

  return {
    one,
    many: async (count) => {
      const tokens = []
      while (tokens.length < count) {
        const length = Math.min(BATCH, count - tokens.length)
        tokens.push(...(await Promise.all(Array.from({ length }, () => one()))))
      }
      return tokens
    },
    bad: async () => ({
      'a forged signature': forge(await one(), await one()),
      'an expired token': await one({ exp: claims.iat - 60 }),
      'another issuer': await one({ iss: `${claims.iss}2` }),
      'another client': await one({ client_id: 'another' }),
      'an ID token': await one({ token_use: 'id', aud: claims.client_id }),
    }),
  }
}

/** The part that differs between tokens. */
function toIds() {
  return { origin_jti: randomUUID(), event_id: randomUUID(), jti: randomUUID() }
}

function readPayload(token) {
  return JSON.parse(Buffer.from(token.split('.')[1], 'base64url').toString())
}

/** The claims of one token with the signature of another. */
function forge(token, other) {
  return [...token.split('.').slice(0, 2), other.split('.')[2]].join('.')
}
