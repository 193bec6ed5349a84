/**
 * Connects to Redis or Valkey by the client of the user's project. It gives up soon: somebody waits at a terminal.
 */
import type { RedisClient } from '../../stores/index.ts'
import { type Context, UsageError } from '../command.ts'
import { loadClient } from './load-client.ts'
import { describeStoreError } from './store-error.ts'

/** The packages that are looked for, in this order. */
const CLIENTS = ['redis', 'ioredis']
const TIMEOUT_MS = 5_000

interface Connected {
  readonly client: RedisClient
  close(): void
}

/** What the two libraries have in common here. */
interface Client {
  on(event: 'error', listener: (error: unknown) => void): unknown
  connect(): Promise<unknown>
  /** node-redis 5 or newer; ioredis and node-redis 4 have `disconnect`. */
  destroy?(): void
  disconnect?(): unknown
}

interface Libraries {
  createClient(options: object): Client
  Redis: new (url: string, options: object) => Client
}

/** @throws {@link UsageError} that contains nothing of the URL */
export async function connectRedis(url: string, { io, progress }: Context): Promise<Connected> {
  const { name, exports } = await loadClient(CLIENTS, '--redis', io)
  const library = exports as Libraries
  const client = name === 'redis' ? createNodeRedis(library, url) : createIoRedis(library, url)
  // connect() of ioredis rejects without the reason
  let reason: unknown
  client.on('error', (error) => {
    reason = error
  })
  const close = (): void => {
    if (client.destroy) client.destroy()
    else void client.disconnect?.()
  }
  progress.begin('Connecting to the store')
  try {
    await client.connect()
  } catch (cause) {
    throw new UsageError(`The store cannot be reached: ${describeStoreError(reason ?? cause)}`, {
      cause,
    })
  } finally {
    progress.end()
  }
  return { client: client as unknown as RedisClient, close }
}

function createNodeRedis({ createClient }: Libraries, url: string): Client {
  return createClient({
    url,
    socket: { connectTimeout: TIMEOUT_MS, reconnectStrategy: false },
    commandOptions: { timeout: TIMEOUT_MS },
  })
}

function createIoRedis({ Redis }: Libraries, url: string): Client {
  const limits = { connectTimeout: TIMEOUT_MS, commandTimeout: TIMEOUT_MS, maxRetriesPerRequest: 0 }
  return new Redis(url, { lazyConnect: true, retryStrategy: () => null, ...limits })
}
