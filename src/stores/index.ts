/**
 * `jwt-gate/stores`: what several processes have to know together: the ids of proofs that were used, and the tokens that were
 * revoked.
 */

export type { ReplayStore, RevocationList } from '../verify/index.ts'
export type {
  DynamoDbClient,
  DynamoDbCommands,
  DynamoDbMethods,
  DynamoDbSender,
  DynamoDbStoreOptions,
} from './dynamodb/dynamodb-client.ts'
export { dynamoDbReplayStore } from './dynamodb/dynamodb-replay-store.ts'
export { dynamoDbRevocationStore } from './dynamodb/dynamodb-revocation-store.ts'
export type {
  IoRedisClient,
  NodeRedisClient,
  RedisClient,
  RedisStoreOptions,
  ValkeyGlideClient,
} from './redis/redis-client.ts'
export { redisReplayStore } from './redis/redis-replay-store.ts'
export { redisRevocationStore } from './redis/redis-revocation-store.ts'
export { type MemoryReplayStoreOptions, memoryReplayStore } from './replay/memory-replay-store.ts'
export {
  createRevocations,
  type Revocations,
  type RevocationsOptions,
} from './revocation/create-revocations.ts'
export type { RestoredTokens, RevokedTokens } from './revocation/entry.ts'
export {
  type MemoryRevocationStoreOptions,
  memoryRevocationStore,
} from './revocation/memory-revocation-store.ts'
export type {
  RevocationEvent,
  RevocationsFailedEvent,
  RevocationsLoadedEvent,
  RevocationsRewrittenEvent,
} from './revocation/revocation-events.ts'
export type {
  RevocationProgress,
  RevocationRecord,
  RevocationStore,
} from './revocation/revocation-store.ts'
