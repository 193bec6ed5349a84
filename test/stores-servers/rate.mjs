/**
 * Writes 200,000 entries from two processes, which a third follows: at least 10,000 a second on Redis. Run it by `npm run rate`, or
 * `node rate.mjs dynamodb 20000`; dynalite is no measure of DynamoDB, whose rate depends on the capacity of the table.
 */
import assert from 'node:assert/strict'
import process from 'node:process'
import { startDynamoDb } from './support/dynamodb.mjs'
import { describeRate, measureRate } from './support/rate.mjs'
import { startRedis } from './support/redis-server.mjs'

const [kind = 'redis', entries = '200000'] = process.argv.slice(2)

const server = await (kind === 'redis' ? startRedis() : startDynamoDb())
const before = server.readCpu?.()
const result = await measureRate(kind, server.port, Number(entries))
console.log(`${kind}: ${describeRate(result)}`)
const serverCpu = server.readCpu?.() - before
if (serverCpu) console.log(`${kind}: ${Math.round(serverCpu / result.entries)} µs of the server's`)
await server.stop()
if (kind === 'redis') assert.ok((result.entries / result.followedMs) * 1_000 >= 10_000)
