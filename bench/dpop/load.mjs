/**
 * The load generator: it makes the proofs of a turn before the turn begins, each with its own `jti`. Made for the whole run, they
 * would be too old.
 */
import { generateKeyPairSync } from 'node:crypto'
import { once } from 'node:events'
import { connect } from 'node:net'
import { sendAll, toRequest } from '../express/connections.mjs'
import { answerMessages, readInput } from '../measure/child.mjs'
import { createClient } from './client.mjs'

const { jwk, bearer, bound } = readInput()
const prove = createClient(jwk)
const proveByAnother = createClient(createJwk())

const REQUESTS = {
  nothing: () => toRequest(),
  bearer: () => toRequest(`Authorization: Bearer ${bearer}`),
  dpop: (changes) => toDpopRequest(prove(bound, changes)),
}

const REFUSED = {
  'no proof': () => toRequest(`Authorization: DPoP ${bound}`),
  'the scheme Bearer': () => toRequest(`Authorization: Bearer ${bound}`),
  'a proof by another key': () => toDpopRequest(proveByAnother(bound)),
  'a forged proof': () => toDpopRequest(forge(prove(bound), prove(bound))),
  'a proof for another method': () => REQUESTS.dpop({ htm: 'POST' }),
  'a proof for another URL': () => REQUESTS.dpop({ htu: 'http://127.0.0.1/profiles' }),
  'a proof for another token': () => toDpopRequest(prove(bearer)),
  'an old proof': () => REQUESTS.dpop({ iat: Math.floor(Date.now() / 1_000) - 3_600 }),
}

let prepared = []

const WORK = {
  prepare: ({ sends, count }) => {
    prepared = Array.from({ length: count }, () => REQUESTS[sends]())
    return {}
  },
  send: async ({ port }) => ({ ms: await sendAll(port, () => prepared.pop()) }),
  check,
}

answerMessages({}, ({ work, ...message }) => WORK[work](message))

/** A contender that accepts a proof that the others reject would be fast for the wrong reason. */
async function check({ port, refusesReplays = false }) {
  for (const [what, toBad] of Object.entries(REFUSED)) {
    if (!/^4/.test(await statusOf(port, toBad()))) throw new Error(`${what} is accepted`)
  }
  const request = REQUESTS.dpop()
  const statuses = [await statusOf(port, request), await statusOf(port, request)]
  const expected = ['200', refusesReplays ? '401' : '200']
  if (`${statuses}` !== `${expected}`) throw new Error(`a proof sent twice gets ${statuses}`)
  return {}
}

async function statusOf(port, request) {
  const socket = connect(port, '127.0.0.1').setEncoding('latin1')
  socket.write(request)
  const [text] = await once(socket, 'data')
  socket.destroy()
  return text.slice('HTTP/1.1 '.length).slice(0, 3)
}

function toDpopRequest(proof) {
  return toRequest(`Authorization: DPoP ${bound}`, `DPoP: ${proof}`)
}

/** The claims of one proof with the signature of another. */
function forge(proof, other) {
  return [...proof.split('.').slice(0, 2), other.split('.')[2]].join('.')
}

function createJwk() {
  return generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ format: 'jwk' })
}
