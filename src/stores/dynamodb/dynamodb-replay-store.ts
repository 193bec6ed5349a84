/**
 * A replay store on DynamoDB.
 */
import { readClock } from '../../verify/adapter-kit.ts'
import type { ReplayStore } from '../../verify/index.ts'
import { assertClaim } from '../replay/assert-claim.ts'
import {
  type DynamoDbClient,
  type DynamoDbStoreOptions,
  isConditionFailed,
  readTable,
} from './dynamodb-client.ts'

// the clocks of processes differ: an id counts for this much longer
const MARGIN_SECONDS = 60

/**
 * Makes a replay store for all processes that use a table of DynamoDB.
 *
 * Security: in a global table, each region decides for itself until its writes have reached the others. Let the proofs for one URL
 * be claimed in one region.
 *
 * @example
 * ```ts
 * const replay = dynamoDbReplayStore(new DynamoDB(), { tableName: 'jwt-gate' })
 * ```
 * @param client - `new DynamoDB()` of `@aws-sdk/client-dynamodb`
 * @throws {@link ConfigError} that names the invalid option
 */
export function dynamoDbReplayStore(
  client: DynamoDbClient,
  options: DynamoDbStoreOptions,
): ReplayStore {
  const table = readTable(client, options)
  const now = readClock(undefined)
  return {
    claim: async (id, seconds) => {
      assertClaim(id, seconds)
      const nowSeconds = Math.floor(now() / 1_000)
      const expiresAt = nowSeconds + Math.ceil(seconds) + 1 + MARGIN_SECONDS
      try {
        await table.client.putItem({
          TableName: table.name,
          // the sort key is there for the table that the revocations share
          Item: {
            pk: { S: `replay#${id}` },
            sk: { S: '-' },
            expiresAt: { N: String(expiresAt) },
          },
          // DynamoDB deletes expired items within a few days, not at once
          ConditionExpression: 'attribute_not_exists(pk) OR expiresAt < :now',
          ExpressionAttributeValues: { ':now': { N: String(nowSeconds) } },
        })
        return true
      } catch (error) {
        if (isConditionFailed(error)) return false
        throw error
      }
    },
  }
}
