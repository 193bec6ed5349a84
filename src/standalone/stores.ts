/**
 * The verifier options for proofs of possession and revocations. Both need a table of DynamoDB, which all instances of the function
 * share.
 */
import {
  createRevocations,
  type DynamoDbClient,
  dynamoDbReplayStore,
  dynamoDbRevocationStore,
  type RevocationsOptions,
} from '../stores/index.ts'
import { ConfigError, type DpopOptions, type VerifierOptions } from '../verify/index.ts'
import { createDynamoDb } from './dynamo-db.ts'
import { NAMES_OF_REVOCATIONS, nameVariables } from './name-variables.ts'
import type { Values } from './settings.ts'

/** What stores use besides their options. */
export interface StoreEffects extends Pick<RevocationsOptions, 'now' | 'onEvent'> {
  readonly dynamoDb: (() => DynamoDbClient) | undefined
}

/** What is made of these variables. */
export type StoreOptions = Pick<VerifierOptions, 'dpop' | 'mtls' | 'revocations'>
type Given = Readonly<Record<string, unknown>>

/** @throws {@link ConfigError} that names the variable that is invalid, missing or without effect */
export function readStores(
  values: Values,
  { dynamoDb = createDynamoDb, now, onEvent }: StoreEffects,
): StoreOptions {
  const { JWT_GATE_DPOP: dpop, JWT_GATE_MTLS: mtls, JWT_GATE_REVOCATIONS: revocations } = values
  const tableName = readTableName(values)
  if (tableName === undefined) return { mtls }
  const client = dynamoDb()
  const table = { tableName }
  return {
    mtls,
    dpop: dpop && ({ ...dpop, replay: dynamoDbReplayStore(client, table) } as DpopOptions),
    revocations:
      revocations &&
      nameVariables(
        () =>
          createRevocations({
            ...(revocations as { whenStale: 'refuse' }),
            store: dynamoDbRevocationStore(client, table),
            now,
            onEvent,
          }),
        NAMES_OF_REVOCATIONS,
      ),
  }
}

/** @returns `undefined` if nothing needs a table */
function readTableName(values: Values): string | undefined {
  const {
    JWT_GATE_DPOP: dpop,
    JWT_GATE_REVOCATIONS: revocations,
    JWT_GATE_TABLE: tableName,
  } = values
  if (dpop) assertNot(dpop, 'JWT_GATE_DPOP', ['replay'])
  if (revocations) assertNot(revocations, 'JWT_GATE_REVOCATIONS', ['store', 'onEvent', 'now'])
  const user = (dpop && 'JWT_GATE_DPOP') ?? (revocations && 'JWT_GATE_REVOCATIONS')
  if (user !== undefined && tableName === undefined) {
    throw new ConfigError(
      `JWT_GATE_TABLE must be set: ${user} needs a table that all instances share`,
    )
  }
  if (user === undefined && tableName !== undefined) {
    throw new ConfigError(
      'JWT_GATE_TABLE can be set with JWT_GATE_DPOP or JWT_GATE_REVOCATIONS only',
    )
  }
  return tableName
}

function assertNot(given: Given, variable: string, names: readonly string[]): void {
  const wrong = names.find((name) => Object.hasOwn(given, name))
  if (wrong === undefined) return
  throw new ConfigError(`"${wrong}" cannot be set in ${variable}: JWT_GATE_TABLE is the store`)
}
