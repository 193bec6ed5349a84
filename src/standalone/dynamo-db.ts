/**
 * The client of DynamoDB, from the AWS SDK that is part of Lambda's Node.js runtimes.
 */
import { createRequire } from 'node:module'
import type { DynamoDbClient } from '../stores/index.ts'
import { ConfigError } from '../verify/index.ts'

interface Sdk {
  readonly DynamoDB: new (config: object) => DynamoDbClient
}

/** A request that hangs must fail while there is time to respond. */
const CONFIG = {
  maxAttempts: 2,
  requestHandler: { connectionTimeout: 1_000, requestTimeout: 2_000 },
}

/** @throws {@link ConfigError} outside of such a runtime */
export function createDynamoDb(): DynamoDbClient {
  const { DynamoDB } = loadSdk()
  return new DynamoDB(CONFIG)
}

/** Not by `import`, which finds only packages of the function's own folder. */
function loadSdk(): Sdk {
  try {
    return createRequire(import.meta.url)('@aws-sdk/client-dynamodb') as Sdk
  } catch (cause) {
    throw new ConfigError(
      'JWT_GATE_TABLE needs the package @aws-sdk/client-dynamodb, which Lambda provides with the runtimes nodejs22.x and newer',
      { cause },
    )
  }
}
