/**
 * One process revokes tokens, one after the other; others are busy with verifying, and reject each of them in time.
 */
import assert from 'node:assert/strict'
import { createTestIssuer } from '../../../dist/testing/index.js'
import { startWorkers } from './workers.mjs'

const REFRESH_MS = 200
/** How late a token may be rejected elsewhere, after `revoke` has resolved. */
export const LIMIT_MS = REFRESH_MS + 1_000
const FOLLOWERS = 8
const GOOD_TOKENS = 100

const issuer = await createTestIssuer({ algorithms: ['ES256'] })
const iss = issuer.issuer
const trusted = { issuer: iss, audience: null, jwks: { keys: issuer.jwks.keys } }
const until = Math.floor(Date.now() / 1_000) + 36_000
const mint = (jti) => issuer.token({ iss, exp: until, jti })

/**
 * @param kind - the kind of store, on `port`
 * @param isBusy - whether the others verify other tokens meanwhile
 * @returns how late each of the processes was in each round in ms, sorted; and how many tokens they verified meanwhile
 */
export async function revokeInRounds(kind, port, rounds, isBusy = true) {
  const workers = await startWorkers(1 + FOLLOWERS, kind, port, REFRESH_MS)
  await Promise.all(workers.map(({ call }) => call('trust', trusted)))
  const [revoker, ...followers] = workers
  const good = await Promise.all(Array.from({ length: GOOD_TOKENS }, (_, at) => mint(`good-${at}`)))
  if (isBusy) await Promise.all(followers.map(({ call }) => call('load', good)))
  const delays = []
  let seen = []
  try {
    for (let round = 0; round < rounds; round++) {
      delays.push(...(await revokeOne(revoker, followers, `${kind}-${round}`)))
    }
    seen = await Promise.all(followers.map(({ call }) => call('seen')))
  } finally {
    await Promise.all(workers.map(({ kill }) => kill()))
  }
  // no good token was rejected, and no token was accepted again
  for (const { wrong } of seen) assert.equal(wrong, 0)
  return {
    delays: delays.sort((one, other) => one - other),
    verified: seen.reduce((sum, { verified }) => sum + verified, 0),
  }
}

async function revokeOne(revoker, followers, jti) {
  const token = await mint(jti)
  for (const { call } of followers) assert.equal(await call('judge', token), 'accepted')
  const watches = followers.map(({ call }) => call('watch', token))
  await revoker.call('revoke', { issuer: iss, jti, until })
  const revokedAt = Date.now()
  assert.equal(await revoker.call('judge', token), 'ERR_TOKEN_REVOKED')
  return (await Promise.all(watches)).map(({ outcome, at }) => {
    assert.equal(outcome, 'ERR_TOKEN_REVOKED', jti)
    return at - revokedAt
  })
}

/** The figures of a run, as text. */
export function describeRounds({ delays, verified }) {
  const at = (share) => delays[Math.min(delays.length - 1, Math.floor(delays.length * share))]
  const times = `median ${at(0.5)} ms, 99 % ${at(0.99)} ms, latest ${at(1)} ms`
  return `${delays.length / FOLLOWERS} tokens rejected by ${FOLLOWERS} processes: ${times}; ${verified} tokens verified meanwhile`
}
