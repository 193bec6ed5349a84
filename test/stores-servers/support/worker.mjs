/**
 * A process of its own with a store, told what to do by messages. It ends with the test's process.
 * Arguments: the kind of store, the port of its server, `refreshMs` and `maxStaleMs`.
 */
import process from 'node:process'
import {
  createRevocations,
  dynamoDbReplayStore,
  dynamoDbRevocationStore,
  redisReplayStore,
  redisRevocationStore,
} from '../../../dist/stores/index.js'
import { createVerifier } from '../../../dist/verify/index.js'

process.once('disconnect', () => process.exit(1))
const [, , kind, port, refreshMs, maxStaleMs] = process.argv
const { replay, store } = await connect()
const revocations = createRevocations({
  store,
  whenStale: 'refuse',
  refreshMs: Number(refreshMs),
  maxStaleMs: Number(maxStaleMs),
})
let verifier

/** Loads one client: there are many processes, and each has to start. */
async function connect() {
  if (kind === 'redis') {
    const { Redis } = await import('ioredis')
    const client = new Redis({ host: '127.0.0.1', port: Number(port), enableOfflineQueue: false })
    client.on('error', () => undefined)
    await new Promise((resolve) => client.once('ready', resolve))
    return { replay: redisReplayStore(client), store: redisRevocationStore(client) }
  }
  const { DynamoDB } = await import('@aws-sdk/client-dynamodb')
  const credentials = { accessKeyId: 'x', secretAccessKey: 'x' }
  const endpoint = `http://127.0.0.1:${port}`
  const client = new DynamoDB({ region: 'us-east-1', endpoint, credentials })
  const options = { tableName: 'jwt-gate' }
  return {
    replay: dynamoDbReplayStore(client, options),
    store: dynamoDbRevocationStore(client, options),
  }
}

const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms))

const judge = async (token, presented) => {
  try {
    await verifier.verify(token, presented)
    return 'accepted'
  } catch ({ code }) {
    return code
  }
}

function judgeByList(issuer, claims) {
  try {
    revocations.assertNotRevoked(issuer, claims, Date.now(), true)
    return 'accepted'
  } catch ({ code }) {
    return code
  }
}

const seen = { verified: 0, wrong: 0 }
/** What the load verifies, by the outcome that it must have. */
const load = { accepted: [], ERR_TOKEN_REVOKED: [] }

/** Verifies tokens all the time: tens of thousands a second, if the machine has time. */
async function keepBusy() {
  for (;;) {
    for (const [expected, tokens] of Object.entries(load)) {
      for (const token of tokens.slice(-100)) {
        seen.verified++
        if ((await judge(token)) !== expected) seen.wrong++
      }
    }
    await sleep(1)
  }
}

const ACTIONS = {
  trust: async (trusted) => {
    verifier = createVerifier(trusted, { revocations })
    await verifier.hydrate()
  },
  trustWithProofs: async (trusted) => {
    verifier = createVerifier(trusted, { dpop: { replay } })
  },
  claim: (id) => replay.claim(id, 60),
  /** Presents a token with its proof at a time of the machine's clock. */
  present: async ({ token, presented, at }) => {
    await sleep(at - Date.now())
    return judge(token, presented)
  },
  /** Revokes many tokens, some at the same time. Returns when the last of them was revoked. */
  revokeMany: async ({ issuer, name, count, until, parallel }) => {
    let next = 0
    const work = async () => {
      for (let at = next++; at < count; at = next++) {
        await revocations.revoke({ issuer, jti: `${name}-${at}`, until })
      }
    }
    await Promise.all(Array.from({ length: parallel }, work))
    return Date.now()
  },
  /** Waits until all of these tokens are revoked. Returns when they were. */
  followMany: async ({ issuer, names, count, until }) => {
    for (const name of names) {
      for (let at = 0; at < count; at++) {
        const claims = { jti: `${name}-${at}`, exp: until }
        while (judgeByList(issuer, claims) !== 'ERR_TOKEN_REVOKED') await sleep(2)
      }
    }
    return Date.now()
  },
  /** Those of the tokens that are not revoked by the list; empty texts for what cannot be said. */
  listAccepted: ({ issuer, jtis, until }) => {
    const outcomes = jtis.map((jti) => [jti, judgeByList(issuer, { jti, exp: until })])
    const others = outcomes.filter(([, outcome]) => outcome !== 'ERR_TOKEN_REVOKED')
    return others.map(([jti, outcome]) => (outcome === 'accepted' ? jti : ''))
  },
  load: (tokens) => {
    load.accepted = tokens
    void keepBusy()
  },
  seen: () => seen,
  cpu: () => process.cpuUsage(),
  revoke: (entry) => revocations.revoke(entry),
  restore: (entry) => revocations.restore(entry),
  judge,
  /** Presents a token again and again. Returns when it was rejected, by the clock of the machine; from then on, the load has it. */
  watch: async (token) => {
    for (;;) {
      const outcome = await judge(token)
      if (outcome === 'accepted') await sleep(2)
      else {
        load[outcome]?.push(token)
        return { outcome, at: Date.now() }
      }
    }
  },
}

process.on('message', async ({ number, action, argument }) => {
  try {
    process.send({ number, result: await ACTIONS[action](argument) })
  } catch (error) {
    process.send({ number, error: String(error) })
  }
})
process.send({ number: 0 })
