/**
 * The token is good, and the list of revoked tokens has it, or cannot be read.
 */
import {
  createRevocations,
  memoryRevocationStore,
  type RevocationStore,
  type RevokedTokens,
} from 'jwt-gate/stores'
import { type Attempt, ISSUER, nowSeconds, type SetUp, type World } from './world.ts'

type Entry = Omit<RevokedTokens, 'issuer' | 'until'>
type Row = readonly [name: string, entry: Entry, cause: string, advice: string]

const ROWS: readonly Row[] = [
  ['a revoked token', { jti: 'token-1' }, 'This token was revoked', 'its jti "token-1"'],
  [
    'a revoked sign-in of Cognito',
    { origin_jti: 'sign-in-1' },
    'The sign-in of this token was revoked',
    'its origin_jti "sign-in-1". Sign in again',
  ],
  [
    'a session that was logged out',
    { sid: 'session-1' },
    'The session of this token was revoked',
    'its sid "session-1". Sign in again',
  ],
  [
    'a user who was signed out everywhere',
    { sub: 'alice', issuedBefore: nowSeconds() + 3_600 },
    'The tokens of this user were revoked',
    'its sub "alice". If the entry has an "issuedBefore"',
  ],
  [
    'a client whose secret leaked',
    { client_id: 'app' },
    'The tokens of this client were revoked',
    'an entry for its client_id',
  ],
]

export async function createRevocationSetUps(world: World): Promise<SetUp[]> {
  const { token, trust } = world
  const claims = { jti: 'token-1', origin_jti: 'sign-in-1', sid: 'session-1', azp: 'app' }
  const attempt = { trusted: trust(), token: await token(claims) }
  const cured = withList(attempt, await createList({ jti: 'another' }))
  const rows = ROWS.map(async ([name, entry, cause, advice]): Promise<SetUp> => {
    const broken = withList(attempt, await createList(entry))
    return { name, code: 'ERR_TOKEN_REVOKED', cause, advice, broken, cured }
  })
  const broken = withList(attempt, createRevocations({ store: DEAD, whenStale: 'refuse' }))
  return [
    ...(await Promise.all(rows)),
    {
      name: 'a store of revocations that does not answer',
      code: 'ERR_REVOCATIONS_UNAVAILABLE',
      cause: 'The list of revoked tokens cannot be read',
      advice: 'connect ECONNREFUSED',
      ...{ broken, cured },
    },
  ]
}

async function createList(entry: Entry) {
  const revocations = createRevocations({ store: memoryRevocationStore(), whenStale: 'refuse' })
  await revocations.revoke({ issuer: ISSUER, until: nowSeconds() + 3_600, ...entry })
  return revocations
}

function withList(
  attempt: Attempt,
  revocations: NonNullable<NonNullable<Attempt['options']>['revocations']>,
): Attempt {
  return { ...attempt, options: { revocations } }
}

const DEAD: RevocationStore = {
  append: () => Promise.reject(new Error('connect ECONNREFUSED')),
  read: () => Promise.reject(new Error('connect ECONNREFUSED')),
}
