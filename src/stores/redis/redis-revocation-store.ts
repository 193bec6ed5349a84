/**
 * A store of revocations on Redis or Valkey: one log that all processes follow.
 *
 * The log is a sorted set. A record's score is its number, which the server assigns in the script that adds the record, so the
 * records of all processes have one order. A process that has read up to a number asks for larger ones. It says which record has
 * that number, and the server compares: after a failover to a replica that lags behind, or a restart without all of the data, the
 * record may be gone. Then the process reads everything, and writes back what only it still has.
 *
 * Expired records are deleted in small numbers with each append. The newest record always stays: it is what up-to-date processes
 * compare, and what the next number is derived from. Numbers begin with the server's time in microseconds, so that after a
 * restart or a failover with fewer records no number means another record than before.
 */
import type { RevocationRecord, RevocationStore } from '../revocation/revocation-store.ts'
import {
  type RedisClient,
  type RedisStoreOptions,
  readPrefix,
  toRunScript,
} from './redis-client.ts'

/** KEYS: the log by number, the numbers by expiry. ARGV: the expiry and the text of each record. */
const APPEND = `
local log, expiries = KEYS[1], KEYS[2]
local time = redis.call('TIME')
local head = redis.call('ZREVRANGE', log, 0, 0, 'WITHSCORES')
local number = math.max(head[2] and tonumber(head[2]) or 0, time[1] * 1000000 + time[2])
for i = 1, #ARGV, 2 do
  if not redis.call('ZSCORE', log, ARGV[i + 1]) then
    number = number + 1
    local score = string.format('%.0f', number)
    redis.call('ZADD', log, score, ARGV[i + 1])
    redis.call('ZADD', expiries, ARGV[i], score)
  end
end
for _, old in ipairs(redis.call('ZRANGEBYSCORE', expiries, '-inf', '(' .. time[1], 'LIMIT', 0, 1000)) do
  if tonumber(old) ~= number then
    redis.call('ZREMRANGEBYSCORE', log, old, old)
    redis.call('ZREM', expiries, old)
  end
end
local last = redis.call('ZREVRANGE', expiries, 0, 0, 'WITHSCORES')
if last[2] then
  redis.call('EXPIREAT', log, string.format('%.0f', last[2] + 1))
  redis.call('EXPIREAT', expiries, string.format('%.0f', last[2] + 1))
end
return 1`

/** KEYS: the log. ARGV: the number and the text of the last record that was read, and how many to return. */
const READ = `
local log, number = KEYS[1], ARGV[1]
if number ~= '' then
  local known = redis.call('ZRANGEBYSCORE', log, number, number)
  if known[1] ~= ARGV[2] then return false end
  number = '(' .. number
else
  number = '-inf'
end
return redis.call('ZRANGEBYSCORE', log, number, '+inf', 'WITHSCORES', 'LIMIT', 0, ARGV[3])`

const APPENDED = 500
const PAGE = 2_000

/** The last record that was read. */
interface Cursor {
  readonly number: string
  readonly text: string
}

/**
 * Makes a store of revocations on Redis 6.2, Valkey 8 or newer.
 *
 * @example
 * ```ts
 * const revocations = createRevocations({ store: redisRevocationStore(client), whenStale: 'refuse' })
 * ```
 * @param client - of node-redis, ioredis or valkey-glide; connected, and closed by you
 * @throws {@link ConfigError} that names the invalid option
 */
export function redisRevocationStore(
  client: RedisClient,
  options: RedisStoreOptions = {},
): RevocationStore {
  const run = toRunScript(client)
  const prefix = readPrefix(options, '{jwt-gate:revocations}:')
  const keys = [`${prefix}log`, `${prefix}expiries`]
  return {
    append: async (records) => {
      for (let from = 0; from < records.length; from += APPENDED) {
        await run(APPEND, keys, records.slice(from, from + APPENDED).flatMap(toArguments))
      }
    },
    read: async (cursor, onRecords) => {
      let last = cursor as Cursor | undefined
      for (;;) {
        const args = [last?.number ?? '', last?.text ?? '', String(PAGE)]
        const page = readPage(await run(READ, keys.slice(0, 1), args))
        if (page === undefined) return { cursor: undefined, isReset: true }
        onRecords(page.map(({ text }) => text))
        last = page.at(-1) ?? last
        if (page.length < PAGE) return { cursor: last, isReset: false }
      }
    },
  }
}

/** Reads texts and numbers in turn. `undefined` if the log does not have the record that the read began with. */
function readPage(reply: unknown): Cursor[] | undefined {
  if (!Array.isArray(reply)) return undefined
  const page: Cursor[] = []
  for (let at = 0; at < reply.length; at += 2) {
    page.push({ text: String(reply[at]), number: String(reply[at + 1]) })
  }
  return page
}

function toArguments({ text, expiresAt }: RevocationRecord): [string, string] {
  return [String(expiresAt), text]
}
