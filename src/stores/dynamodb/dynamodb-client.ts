/**
 * Clients of DynamoDB from the AWS SDK for JavaScript v3, recognised by their methods. `new DynamoDB()` has a method for each
 * operation. A `DynamoDBClient` has only `send`, which needs the SDK's own command classes: they have to be given with it.
 */
import { type OptionNames, readOptions, readString } from '../../verify/adapter-kit.ts'
import { ConfigError } from '../../verify/index.ts'

/** An attribute as DynamoDB writes it. */
export type Attribute = { readonly S: string } | { readonly N: string }
export type Item = Readonly<Record<string, Attribute>>

interface PutInput {
  readonly TableName: string
  readonly Item: Record<string, Attribute>
  readonly ConditionExpression?: string
  readonly ExpressionAttributeValues?: Record<string, Attribute>
}

interface QueryInput {
  readonly TableName: string
  readonly KeyConditionExpression: string
  readonly ExpressionAttributeValues: Record<string, Attribute>
  readonly ConsistentRead: boolean
  readonly ExclusiveStartKey?: Record<string, never>
}

/** `new DynamoDB()` of `@aws-sdk/client-dynamodb`. */
export interface DynamoDbMethods {
  putItem(input: PutInput): Promise<unknown>
  query(input: QueryInput): Promise<unknown>
}

/** `new DynamoDBClient()`, or the document client around one. */
export interface DynamoDbSender {
  send(command: never): Promise<unknown>
}

/** The command classes of `@aws-sdk/client-dynamodb` that the stores use. */
export interface DynamoDbCommands {
  readonly PutItemCommand: new (input: never) => object
  readonly QueryCommand: new (input: never) => object
}

/** A client of the AWS SDK for JavaScript v3. */
export type DynamoDbClient = DynamoDbMethods | DynamoDbSender

/** The options of the stores on DynamoDB. */
export interface DynamoDbStoreOptions {
  /** The table. Its partition key is `pk` and its sort key `sk`, both strings, and its TTL attribute `expiresAt`. */
  readonly tableName: string
  /**
   * The command classes, for a client that only has `send`: `{ PutItemCommand, QueryCommand }` of `@aws-sdk/client-dynamodb`.
   * @defaultValue none: the client is a `new DynamoDB()`
   */
  readonly commands?: DynamoDbCommands | undefined
}

/** A table, by the client that was given. */
export interface Table {
  readonly name: string
  readonly client: DynamoDbMethods
}

const OPTIONS: OptionNames<DynamoDbStoreOptions> = { tableName: true, commands: true }

/** @throws {@link ConfigError} that names what is wrong */
export function readTable(client: DynamoDbClient, options: DynamoDbStoreOptions): Table {
  const { tableName, commands } = readOptions('options', options, OPTIONS)
  return { name: readString('tableName', tableName), client: toMethods(client, commands) }
}

function toMethods(
  client: DynamoDbClient,
  commands: DynamoDbCommands | undefined,
): DynamoDbMethods {
  const { putItem, query, send } = Object(client) as Record<string, unknown>
  if (typeof putItem === 'function' && typeof query === 'function') return client as DynamoDbMethods
  if (typeof send !== 'function') {
    throw new ConfigError('"client" must be a client of @aws-sdk/client-dynamodb: new DynamoDB()')
  }
  const { PutItemCommand, QueryCommand } = Object(commands) as Partial<DynamoDbCommands>
  if (typeof PutItemCommand !== 'function' || typeof QueryCommand !== 'function') {
    throw new ConfigError(
      '"client" has only send(): give a new DynamoDB() in its place, or "commands" with PutItemCommand and QueryCommand of @aws-sdk/client-dynamodb',
    )
  }
  const { send: sendCommand } = client as DynamoDbSender
  return {
    putItem: (input) => sendCommand.call(client, new PutItemCommand(input as never) as never),
    query: (input) => sendCommand.call(client, new QueryCommand(input as never) as never),
  }
}

/** Whether the condition of a write did not hold. The SDK's classes are not imported, so the name decides. */
export function isConditionFailed(error: unknown): boolean {
  return Object(error).name === 'ConditionalCheckFailedException'
}

/** @throws an error if the attribute has another type */
export function readText(item: Item, name: string): string {
  const value = Object(item[name]).S as unknown
  if (typeof value === 'string') return value
  throw new Error(`The table has an item without the text "${name}"`)
}

/** @throws an error if the attribute has another type */
export function readNumberOf(item: Item, name: string): number {
  const value = Number(Object(item[name]).N ?? Number.NaN)
  if (Number.isFinite(value)) return value
  throw new Error(`The table has an item without the number "${name}"`)
}
