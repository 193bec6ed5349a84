/**
 * Clients of Redis and Valkey, recognised by their methods. A Lua script is the one thing that is needed of them: it is atomic, and
 * the server's clock is the only one in it.
 */
import {
  type OptionNames,
  readOptional,
  readOptions,
  readString,
} from '../../verify/adapter-kit.ts'
import { ConfigError } from '../../verify/index.ts'

/** A client of node-redis 4 or newer: the return value of `createClient`, `createCluster` or `createClientPool`. */
export interface NodeRedisClient {
  eval(
    script: string,
    options: { readonly keys: string[]; readonly arguments: string[] },
  ): Promise<unknown>
}

/** A client of ioredis 5 or newer: `new Redis()` or `new Cluster()`. */
export interface IoRedisClient {
  call(command: string, ...args: (string | number)[]): Promise<unknown>
  eval(script: string, numberOfKeys: number, ...args: (string | number)[]): Promise<unknown>
}

/** A client of valkey-glide: `GlideClient` or `GlideClusterClient`. */
export interface ValkeyGlideClient {
  customCommand(args: string[]): Promise<unknown>
}

/** A client of Redis 6.2, Valkey 8 or newer. */
export type RedisClient = NodeRedisClient | IoRedisClient | ValkeyGlideClient

/** The options of the stores on Redis and Valkey. */
export interface RedisStoreOptions {
  /** The beginning of all keys. In a cluster, the part in braces keeps the keys of a store on one node. */
  readonly prefix?: string | undefined
}

/** Runs a script with these keys and arguments. */
export type RunScript = (
  script: string,
  keys: readonly string[],
  args: readonly string[],
) => Promise<unknown>

/** @throws {@link ConfigError} for anything that is no client */
export function toRunScript(client: RedisClient): RunScript {
  const { customCommand, call, eval: run } = Object(client) as Record<string, unknown>
  if (typeof customCommand === 'function') {
    const glide = client as ValkeyGlideClient
    return (script, keys, args) =>
      glide.customCommand(['EVAL', script, String(keys.length), ...keys, ...args])
  }
  if (typeof run === 'function' && typeof call === 'function') {
    const ioredis = client as IoRedisClient
    return (script, keys, args) => ioredis.eval(script, keys.length, ...keys, ...args)
  }
  if (typeof run === 'function') {
    const redis = client as NodeRedisClient
    return (script, keys, args) => redis.eval(script, { keys: [...keys], arguments: [...args] })
  }
  throw new ConfigError(
    '"client" must be a client of redis (node-redis), ioredis or @valkey/valkey-glide',
  )
}

const OPTIONS: OptionNames<RedisStoreOptions> = { prefix: true }

/** @throws {@link ConfigError} that names the invalid option */
export function readPrefix(options: RedisStoreOptions, fallback: string): string {
  const { prefix } = readOptions('options', options, OPTIONS)
  return readOptional(readString, 'prefix', prefix) ?? fallback
}
