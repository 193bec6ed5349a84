/**
 * A table in dynalite, which emulates DynamoDB.
 */
import { once } from 'node:events'
import { DynamoDB, DynamoDBClient, PutItemCommand, QueryCommand } from '@aws-sdk/client-dynamodb'
import dynalite from 'dynalite'

export const TABLE = 'jwt-gate'
export const COMMANDS = { PutItemCommand, QueryCommand }

export function toConfig(port) {
  return {
    region: 'us-east-1',
    endpoint: `http://127.0.0.1:${port}`,
    credentials: { accessKeyId: 'x', secretAccessKey: 'x' },
  }
}

/** Starts a server with the empty table. */
export async function startDynamoDb() {
  const server = dynalite({ createTableMs: 0, deleteTableMs: 0, updateTableMs: 0 })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address()
  const client = new DynamoDB(toConfig(port))
  await createTable(client)
  return {
    port,
    client,
    sender: new DynamoDBClient(toConfig(port)),
    /** As after a restore from a backup without any data. */
    empty: async () => {
      await client.deleteTable({ TableName: TABLE })
      await createTable(client)
    },
    stop: () => {
      client.destroy()
      server.close()
    },
  }
}

async function createTable(client) {
  const names = ['pk', 'sk']
  for (let attempt = 0; ; attempt++) {
    try {
      await client.createTable({
        TableName: TABLE,
        AttributeDefinitions: names.map((AttributeName) => ({ AttributeName, AttributeType: 'S' })),
        KeySchema: [
          { AttributeName: 'pk', KeyType: 'HASH' },
          { AttributeName: 'sk', KeyType: 'RANGE' },
        ],
        BillingMode: 'PAY_PER_REQUEST',
      })
      break
    } catch (error) {
      // the old table may still be there
      if (error.name !== 'ResourceInUseException' || attempt > 100) throw error
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
  }
  for (;;) {
    const { Table } = await client.describeTable({ TableName: TABLE })
    if (Table.TableStatus === 'ACTIVE') return
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}
