/**
 * Opens the store of revocations: a server, or what the user's module exports.
 */
import type { DynamoDbClient, RevocationStore, Revocations } from '../../stores/index.ts'
import { escapeText } from '../../terminal/escape.ts'
import type { Arguments } from '../arguments/parse-arguments.ts'
import { type Context, type OptionGroup, UsageError } from '../command.ts'
import { findConfigFile, loadModule } from '../setup/config-file.ts'
import { loadClient } from './load-client.ts'
import { connectRedis } from './redis.ts'

export const STORE_GROUP: OptionGroup = {
  title:
    'Store (default: "revocations" or "store" of the module in --config or jwt-gate.config.js)',
  options: {
    redis: {
      type: 'text',
      value: '<url>',
      help: 'Redis or Valkey, such as redis://127.0.0.1:6379, by the client redis or ioredis of your project',
    },
    'redis-env': {
      type: 'text',
      value: '<name>',
      help: 'The environment variable with this URL: a password in the command line can be read by others',
    },
    'redis-prefix': {
      type: 'text',
      value: '<text>',
      help: 'The "prefix" of redisRevocationStore [default: {jwt-gate:revocations}:]',
    },
    'dynamodb-table': {
      type: 'text',
      value: '<name>',
      help: 'A table of DynamoDB, by @aws-sdk/client-dynamodb of your project, with its region and credentials',
    },
  },
}

/** The list of revoked tokens, and what ends the connection to its store. */
export interface Opened {
  readonly revocations: Pick<Revocations, 'revoke' | 'restore'>
  close(): void
}

const SOURCES = ['redis', 'redis-env', 'dynamodb-table']

/** @throws {@link UsageError} */
export async function openStore(args: Arguments, context: Context): Promise<Opened> {
  const [source, second] = SOURCES.filter((name) => args.has(name))
  if (second !== undefined)
    throw new UsageError(`--${source} and --${second} contradict each other`)
  if (args.has('redis-prefix') && !source?.startsWith('redis')) {
    throw new UsageError('--redis-prefix is for --redis and --redis-env')
  }
  if (source === undefined) return openModule(args, context)
  return source === 'dynamodb-table' ? openTable(args, context) : openRedis(args, context)
}

async function openRedis(args: Arguments, context: Context): Promise<Opened> {
  const { redisRevocationStore } = await import('../../stores/index.ts')
  const { client, close } = await connectRedis(readUrl(args, context), context)
  const prefix = args.text('redis-prefix')
  const store = redisRevocationStore(client, prefix === undefined ? {} : { prefix })
  return { revocations: await toRevocations(store, context), close }
}

/** No message contains the URL: it may have a password. */
function readUrl(args: Arguments, { io, progress }: Context): string {
  const name = args.text('redis-env')
  const text = name === undefined ? args.text('redis') : io.env[name]
  const what = name === undefined ? '--redis' : `The variable ${escapeText(name, 60)}`
  if (text === undefined) throw new UsageError(`${what} is not set`)
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url === undefined || !/^rediss?:$/.test(url.protocol)) {
    throw new UsageError(
      `${what} must be a URL such as redis://127.0.0.1:6379, or rediss:// for TLS`,
    )
  }
  if (name === undefined && url.password !== '') {
    progress.note(
      "The password of the URL stands in the command line, and so in the shell's history: use --redis-env",
    )
  }
  return text
}

const SDK = '@aws-sdk/client-dynamodb'

async function openTable(args: Arguments, context: Context): Promise<Opened> {
  const { dynamoDbRevocationStore } = await import('../../stores/index.ts')
  const { exports } = await loadClient([SDK], `--dynamodb-table`, context.io)
  const { DynamoDB } = exports as { DynamoDB: new (options: object) => Sdk }
  const requestHandler = { connectionTimeout: 5_000, requestTimeout: 5_000 }
  const client = new DynamoDB({ requestHandler, maxAttempts: 2 })
  const store = dynamoDbRevocationStore(client, { tableName: String(args.text('dynamodb-table')) })
  return { revocations: await toRevocations(store, context), close: () => client.destroy() }
}

type Sdk = DynamoDbClient & { destroy(): void }

async function openModule(args: Arguments, context: Context): Promise<Opened> {
  const file = args.text('config') ?? findConfigFile(context.io.cwd)
  const either = `--redis, --dynamodb-table, or a module that exports "revocations" or "store"`
  if (file === undefined) throw new UsageError(`There is no store: give ${either} (--config)`)
  const { revocations, store } = await loadModule(file, context.io)
  const close = (): void => undefined
  const list = (await revocations) as Revocations | undefined
  if (typeof list?.revoke === 'function' && typeof list.restore === 'function') {
    return { revocations: list, close }
  }
  const own = (await store) as RevocationStore | undefined
  if (own) return { revocations: await toRevocations(own, context), close }
  throw new UsageError(`${escapeText(file)} exports no store: give ${either}`)
}

async function toRevocations(store: RevocationStore, { io }: Context): Promise<Revocations> {
  const { createRevocations } = await import('../../stores/index.ts')
  return createRevocations({ store, whenStale: 'refuse', now: io.now })
}
