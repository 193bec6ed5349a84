/**
 * A process of its own with a store, told what to do by messages. It ends with the test's process.
 * Arguments: the kind of store, the port of its server, and `refreshMs`.
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
const [, , kind, port, refreshMs] = process.argv
const { replay, store } = await connect()
const revocations = createRevocations({
  store,
  whenStale: 'refuse',
  refreshMs: Number(refreshMs),
  maxStaleMs: Math.max(60_000, Number(refreshMs)),
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

const judge = async (token) => {
  try {
    await verifier.verify(token)
    return 'accepted'
  } catch ({ code }) {
    return code
  }
}

const ACTIONS = {
  trust: async (trusted) => {
    verifier = createVerifier(trusted, { revocations })
    await verifier.hydrate()
  },
  claim: (id) => replay.claim(id, 60),
  revoke: (entry) => revocations.revoke(entry),
  restore: (entry) => revocations.restore(entry),
  judge,
  /** Presents a token again and again, as under load. Returns when it was rejected, by the clock of the machine. */
  watch: async (token) => {
    for (;;) {
      const outcome = await judge(token)
      if (outcome !== 'accepted') return { outcome, at: Date.now() }
      await new Promise((resolve) => setTimeout(resolve, 2))
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
