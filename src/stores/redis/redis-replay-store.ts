/**
 * A replay store on Redis or Valkey.
 */
import type { ReplayStore } from '../../verify/index.ts'
import { assertClaim } from '../replay/assert-claim.ts'
import {
  type RedisClient,
  type RedisStoreOptions,
  readPrefix,
  toRunScript,
} from './redis-client.ts'

const CLAIM = `return redis.call('SET', KEYS[1], '', 'NX', 'EX', ARGV[1]) and 1 or 0`

/**
 * Makes a replay store for all processes that share a Redis or Valkey server or cluster.
 *
 * Security: a replica that takes over may not know the last ids, nor may a server that was killed, unless it has
 * `appendfsync always`. With an eviction policy other than `noeviction` or `volatile-ttl` a full server forgets ids that still count.
 * Their proofs then pass once more.
 *
 * @example
 * ```ts
 * const replay = redisReplayStore(client)
 * ```
 * @param client - of node-redis, ioredis or valkey-glide; connected, and closed by you
 * @throws {@link ConfigError} that names the invalid option
 */
export function redisReplayStore(
  client: RedisClient,
  options: RedisStoreOptions = {},
): ReplayStore {
  const run = toRunScript(client)
  const prefix = readPrefix(options, 'jwt-gate:replay:')
  return {
    claim: async (id, seconds) => {
      assertClaim(id, seconds)
      const result = await run(CLAIM, [`${prefix}${id}`], [String(Math.ceil(seconds))])
      return Number(result) === 1
    },
  }
}
