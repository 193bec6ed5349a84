/**
 * A store of revocations on DynamoDB: a log for each process that writes, which all processes follow.
 *
 * There is no common counter: in a global table, two regions could assign the same number. A log has one writer, in one region, so
 * its numbers have no duplicates, and a process that has read up to a number knows what is missing, however late it arrives.
 */
import { readClock } from '../../verify/adapter-kit.ts'
import type { RevocationStore } from '../revocation/revocation-store.ts'
import { type DynamoDbClient, type DynamoDbStoreOptions, readTable } from './dynamodb-client.ts'
import { readLogs } from './log-reader.ts'
import { LogWriter } from './log-writer.ts'

/**
 * Makes a store of revocations in a table of DynamoDB, which may be a global table.
 *
 * @example
 * ```ts
 * const store = dynamoDbRevocationStore(new DynamoDB(), { tableName: 'jwt-gate' })
 * ```
 * @param client - `new DynamoDB()` of `@aws-sdk/client-dynamodb`
 * @throws {@link ConfigError} that names the invalid option
 */
export function dynamoDbRevocationStore(
  client: DynamoDbClient,
  options: DynamoDbStoreOptions,
): RevocationStore {
  const table = readTable(client, options)
  const writer = new LogWriter(table)
  const now = readClock(undefined)
  return {
    append: (records) => writer.append(records),
    read: async (cursor, onRecords) => {
      if (writer.takeLoss()) return { cursor: undefined, isReset: true }
      const progress = await readLogs(table, cursor, onRecords, now() / 1_000)
      if (progress.isReset) writer.rotate()
      return progress
    },
  }
}
