/**
 * Authorizers, each configured by variables and by code, and the tokens that they accept.
 */
import { cognito, type Trusted } from 'jwt-gate'
import type { AuthorizerOptions } from 'jwt-gate/lambda-authorizer'
import type { TestIssuer } from 'jwt-gate/testing'
import type { Environment } from '../../src/standalone/settings.ts'
import { ISSUER, POOL } from './environments.ts'

/** The tokens that all of them are tried with. */
export interface Tokens {
  readonly access: string
  readonly ofOtherApp: string
  readonly bound: string
  readonly id: string
  readonly machine: string
  readonly admin: string
  readonly expired: string
  readonly emulated: string
  readonly foreign: string
  readonly foreignES256: string
}

/** One authorizer. */
export interface SetUp {
  readonly title: string
  readonly env: Environment
  readonly trusted: Trusted
  readonly options?: AuthorizerOptions
  /** The tokens that are accepted for `GET /orders/7`. */
  readonly passes: readonly (keyof Tokens)[]
}

const POOL_TOKENS = ['access', 'bound', 'machine', 'admin'] as const
const EMULATOR = 'https://idp.example/eu-west-1_TestPool1'
const FOREIGN = { issuer: 'https://idp.example', audience: 'https://api.example' }
const ACCESS = {
  'GET /orders/{id}': { scopes: ['orders/read'] },
  'ANY /admin/{proxy+}': { groups: ['admin'] },
}
const CLAIM_ACCESS = {
  'GET /orders/{id}': { claims: { 'cognito:groups': 'admin', '/token_use': ['access', 1] } },
}
const INEXACT = { 'GET /orders/{id}': {}, 'GET /orders/{id}/items': {} }

export async function mintTokens(issuer: TestIssuer): Promise<Tokens> {
  const { accessToken, idToken, machineToken, token } = issuer
  const foreign = { iss: FOREIGN.issuer, aud: FOREIGN.audience, exp: 4_000_000_000, sub: 'bob' }
  return {
    access: await accessToken(),
    ofOtherApp: await accessToken({ client_id: 'other' }),
    bound: await accessToken({ aud: 'https://api.example' }),
    id: await idToken(),
    machine: await machineToken(),
    admin: await accessToken({ 'cognito:groups': ['admin'], scope: 'orders/read' }),
    expired: await accessToken({ exp: 1_700_000_000 }),
    emulated: await accessToken({ iss: EMULATOR }),
    foreign: await token(foreign),
    foreignES256: await token(foreign, { key: issuer.keyFor('ES256') }),
  }
}

/** Configurations of trusted issuers. */
export function trustSetUps(issuer: TestIssuer): readonly SetUp[] {
  const { userPoolId, clientId, jwks, jwksUri } = issuer
  const pool = { userPoolId, clientId, tokenUse: 'access' } as const
  const JWKS = JSON.stringify(jwks)
  return [
    { title: 'a user pool', env: POOL, trusted: cognito(pool), passes: POOL_TOKENS },
    {
      title: 'two app clients of two pools, with spaces',
      env: {
        ...POOL,
        JWT_GATE_USER_POOL_ID: `eu-west-1_Other, ${userPoolId}`,
        JWT_GATE_CLIENT_ID: ` other ,${clientId}\n`,
        JWT_GATE_TOKEN_USE: ' access\n',
      },
      trusted: ['eu-west-1_Other', userPoolId].map((one) =>
        cognito({ ...pool, userPoolId: one, clientId: ['other', clientId] }),
      ),
      passes: [...POOL_TOKENS, 'ofOtherApp'],
    },
    {
      title: 'the ID tokens of a pool',
      env: { ...POOL, JWT_GATE_TOKEN_USE: 'id' },
      trusted: cognito({ ...pool, tokenUse: 'id' }),
      passes: ['id'],
    },
    {
      title: 'a pool whose tokens are bound to a resource',
      env: { ...POOL, JWT_GATE_AUDIENCE: 'https://api.example' },
      trusted: cognito({ ...pool, audience: 'https://api.example' }),
      passes: ['bound'],
    },
    {
      title: 'an emulated pool',
      env: { ...POOL, JWT_GATE_ISSUER: EMULATOR, JWT_GATE_JWKS_URI: jwksUri },
      trusted: cognito({ ...pool, issuer: EMULATOR, jwksUri }),
      passes: ['emulated'],
    },
    {
      title: 'a pool whose keys are given',
      env: { ...POOL, JWT_GATE_JWKS: JWKS },
      trusted: cognito({ ...pool, jwks }),
      passes: POOL_TOKENS,
    },
    {
      title: 'an issuer with a key address',
      env: { ...ISSUER, JWT_GATE_JWKS_URI: jwksUri },
      trusted: { ...FOREIGN, jwksUri },
      passes: ['foreign', 'foreignES256'],
    },
    {
      title: 'an issuer whose keys are found by discovery',
      env: { JWT_GATE_ISSUER: issuer.issuer, JWT_GATE_AUDIENCE: `${clientId},https://api.example` },
      trusted: { issuer: issuer.issuer, audience: [clientId, 'https://api.example'] },
      passes: ['id', 'bound'],
    },
    {
      title: 'one algorithm of an issuer whose keys are given',
      env: { ...ISSUER, JWT_GATE_JWKS: JWKS, JWT_GATE_ALGORITHMS: 'ES256, ES384' },
      trusted: { ...FOREIGN, jwks, algorithms: ['ES256', 'ES384'] },
      passes: ['foreignES256'],
    },
    ...listSetUps(issuer),
  ]
}

/** Lists of issuers. */
function listSetUps({ userPoolId, clientId, jwks, jwksUri }: TestIssuer): readonly SetUp[] {
  const pool = { userPoolId, clientId, tokenUse: 'access' } as const
  const otherApp = { ...pool, userPoolId: 'eu-west-1_Other', groupsClaim: 'roles' }
  const foreign = { ...FOREIGN, jwksUri, algorithms: ['ES256' as const], tokenType: null }
  const strict = { ...FOREIGN, jwks, requiredClaims: ['tenant'], maxTokenAgeSeconds: 60 }
  const toEnv = (...list: unknown[]): Environment => ({ JWT_GATE_ISSUERS: JSON.stringify(list) })
  return [
    {
      title: 'a list of two pools and an issuer',
      env: toEnv(otherApp, pool, foreign),
      trusted: [cognito(otherApp), cognito(pool), foreign],
      passes: [...POOL_TOKENS, 'foreignES256'],
    },
    {
      title: 'a list with one issuer and all its conditions',
      env: toEnv(strict),
      trusted: strict,
      passes: [],
    },
    {
      title: 'a list with a pool whose checks are switched off by null',
      env: toEnv({ ...pool, clientId: null, tokenUse: null }),
      trusted: cognito({ userPoolId, clientId: null, tokenUse: null }),
      passes: [...POOL_TOKENS, 'ofOtherApp', 'id'],
    },
  ]
}

/** Configurations of responses, each for a pool's access tokens. */
export function answerSetUps({ userPoolId, clientId }: TestIssuer): readonly SetUp[] {
  const trusted = cognito({ userPoolId, clientId, tokenUse: 'access' })
  const make = (
    title: string,
    env: Environment,
    options: AuthorizerOptions,
    passes: SetUp['passes'] = POOL_TOKENS,
  ): SetUp => ({ title, env: { ...POOL, ...env }, trusted, options, passes })
  const map = JSON.stringify(ACCESS)
  return [
    make('rules by route', { JWT_GATE_ACCESS: map }, { access: ACCESS }, ['machine', 'admin']),
    make(
      'rules for claims',
      { JWT_GATE_ACCESS: JSON.stringify(CLAIM_ACCESS) },
      { access: CLAIM_ACCESS },
      ['admin'],
    ),
    make(
      'rules for the requested route only',
      { JWT_GATE_ACCESS: map, JWT_GATE_POLICY: 'request' },
      { access: ACCESS, policy: 'request' },
      ['machine', 'admin'],
    ),
    make(
      'rules that are not exact',
      { JWT_GATE_ACCESS: JSON.stringify(INEXACT), JWT_GATE_EXACT: 'false' },
      { access: INEXACT, exact: false },
    ),
    make('policies for the stage', { JWT_GATE_POLICY: 'stage' }, { policy: 'stage' }),
    make('simple responses', { JWT_GATE_RESPONSE: 'simple' }, { response: 'simple' }),
    make('policies', { JWT_GATE_RESPONSE: 'policy' }, { response: 'policy' }),
    make('denials', { JWT_GATE_UNAUTHORIZED: 'deny' }, { unauthorized: 'deny' }),
    make('errors', { JWT_GATE_UNAUTHORIZED: 'throw' }, { unauthorized: 'throw' }),
    make(
      'another place for the token',
      { JWT_GATE_TOKEN: '{ "query": "token", "cookie": "session" }' },
      { token: { query: 'token', cookie: 'session' } },
    ),
  ]
}
