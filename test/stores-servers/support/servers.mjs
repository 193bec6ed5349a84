/**
 * Every kind of store, each on a server of its own where it has one.
 */
import {
  dynamoDbReplayStore,
  dynamoDbRevocationStore,
  memoryReplayStore,
  memoryRevocationStore,
  redisReplayStore,
  redisRevocationStore,
} from '../../../dist/stores/index.js'
import { COMMANDS, startDynamoDb, TABLE } from './dynamodb.mjs'
import { REDIS_CLIENTS } from './redis-clients.mjs'
import { isRedisMissing, startRedis } from './redis-server.mjs'

/** Each connection stands for a process. `connect` returns its stores. */
export const SERVERS = [
  { name: 'memory', skip: false, start: startMemory },
  ...Object.entries(REDIS_CLIENTS).map(([name, connect]) => ({
    name,
    skip: isRedisMissing,
    start: () => startRedisFor(connect),
  })),
  { name: 'DynamoDB', skip: false, start: () => startDynamoDbFor('client', undefined) },
  { name: 'DynamoDBClient', skip: false, start: () => startDynamoDbFor('sender', COMMANDS) },
]

async function startMemory() {
  const revocations = memoryRevocationStore()
  const replay = memoryReplayStore({ max: 10_000 })
  return { connect: async () => ({ revocations, replay }), stop: () => undefined }
}

async function startRedisFor(connectClient) {
  const server = await startRedis()
  const closers = []
  return {
    connect: async () => {
      const { client, close } = await connectClient(server.port)
      closers.push(close)
      return { revocations: redisRevocationStore(client), replay: redisReplayStore(client) }
    },
    empty: async () => {
      const { client, close } = await REDIS_CLIENTS.redis(server.port)
      await client.flushAll()
      close()
    },
    /** As after a failover to a replica that lags behind. */
    loseNewest: async (count) => {
      const { client, close } = await REDIS_CLIENTS.redis(server.port)
      await client.zRemRangeByRank('{jwt-gate:revocations}:log', -count, -1)
      await client.zRemRangeByRank('{jwt-gate:revocations}:expiries', -count, -1)
      close()
    },
    stop: async () => {
      for (const close of closers) close()
      await server.stop()
    },
  }
}

async function startDynamoDbFor(kind, commands) {
  const server = await startDynamoDb()
  const options = { tableName: TABLE, ...(commands && { commands }) }
  return {
    connect: async () => ({
      revocations: dynamoDbRevocationStore(server[kind], options),
      replay: dynamoDbReplayStore(server[kind], options),
    }),
    empty: server.empty,
    stop: server.stop,
  }
}
