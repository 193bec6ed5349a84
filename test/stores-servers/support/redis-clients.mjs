/**
 * The clients that people use, connected to a server. An outage ends their commands at once.
 */
import { Redis } from 'ioredis'
import { createClient } from 'redis'

const ignore = () => undefined

async function connectNodeRedis(port) {
  const client = createClient({ socket: { host: '127.0.0.1', port }, disableOfflineQueue: true })
  client.on('error', ignore)
  await client.connect()
  return { client, close: () => client.destroy() }
}

async function connectIoRedis(port) {
  const options = { host: '127.0.0.1', port, enableOfflineQueue: false, maxRetriesPerRequest: 0 }
  const client = new Redis({ ...options, lazyConnect: true, retryStrategy: () => 50 })
  client.on('error', ignore)
  await client.connect()
  return { client, close: () => client.disconnect() }
}

async function connectGlide(port) {
  const { GlideClient } = await import('@valkey/valkey-glide')
  const addresses = [{ host: '127.0.0.1', port }]
  // by default, a busy machine has 250 ms for a command
  const client = await GlideClient.createClient({ addresses, requestTimeout: 5_000 })
  return { client, close: () => client.close() }
}

/** valkey-glide has a native part, which is not there for every platform. */
const hasGlide = await import('@valkey/valkey-glide').then(
  () => true,
  () => false,
)

export const REDIS_CLIENTS = {
  redis: connectNodeRedis,
  ioredis: connectIoRedis,
  ...(hasGlide && { 'valkey-glide': connectGlide }),
}
