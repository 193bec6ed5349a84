/**
 * Revokes a token in one process, a thousand times in a row; eight others, which are busy with verifying, reject it within
 * `refreshMs` and a second. Run it by `npm run rounds`, or `node rounds.mjs dynamodb`.
 */
import assert from 'node:assert/strict'
import process from 'node:process'
import { startDynamoDb } from './support/dynamodb.mjs'
import { startRedis } from './support/redis-server.mjs'
import { describeRounds, LIMIT_MS, revokeInRounds } from './support/rounds.mjs'

const [kind = 'redis'] = process.argv.slice(2)
const rounds = Number(process.env.JWT_GATE_ROUNDS ?? 1_000)

const server = await (kind === 'redis' ? startRedis() : startDynamoDb())
const result = await revokeInRounds(kind, server.port, rounds)
console.log(`${kind}: ${describeRounds(result)}`)
await server.stop()
const late = result.delays.filter((ms) => ms > LIMIT_MS)
assert.deepEqual(late, [], `later than ${LIMIT_MS} ms`)
