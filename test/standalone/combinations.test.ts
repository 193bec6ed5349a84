/**
 * Variables that require each other, and variables that exclude each other.
 */
import { describe, expect, test } from 'vitest'
import type { Environment } from '../../src/standalone/settings.ts'
import { ISSUER, POOL } from './environments.ts'
import { refusalOf } from './refusals.ts'

describe('a missing variable is rejected', () => {
  test.each<[string, Environment, RegExp]>([
    ['everything', {}, /^JWT_GATE_USER_POOL_ID or JWT_GATE_ISSUER must be set/],
    ['the pool', { ...POOL, JWT_GATE_USER_POOL_ID: undefined }, /^JWT_GATE_USER_POOL_ID or /],
    [
      'the app client',
      { ...POOL, JWT_GATE_CLIENT_ID: undefined },
      /^JWT_GATE_CLIENT_ID must be set: .*app client/,
    ],
    [
      'the kind of token',
      { ...POOL, JWT_GATE_TOKEN_USE: undefined },
      /^JWT_GATE_TOKEN_USE must be set: .*an ID token would pass/,
    ],
    [
      'the issuer',
      { ...ISSUER, JWT_GATE_ISSUER: undefined },
      /^JWT_GATE_USER_POOL_ID or JWT_GATE_ISSUER /,
    ],
    [
      'the audience',
      { ...ISSUER, JWT_GATE_AUDIENCE: undefined },
      /^JWT_GATE_AUDIENCE must be set: .*any other service/,
    ],
  ])('%s', (_, env, message) => {
    expect(refusalOf(env)).toMatch(message)
  })
})

describe('a conflict of variables is rejected', () => {
  const ofPool = { JWT_GATE_ISSUER: 'https://idp.example/eu-west-1_TestPool1' }
  const twoPools = { ...POOL, JWT_GATE_USER_POOL_ID: 'eu-west-1_A,eu-west-1_B' }
  test.each<[string, Environment, RegExp]>([
    ['a pool and another issuer', { ...POOL, ...ISSUER }, /^JWT_GATE_ISSUER must end with /],
    [
      'a pool and the issuer of a pool with a similar id',
      { ...POOL, JWT_GATE_ISSUER: 'https://idp.example/xeu-west-1_TestPool1' },
      /^JWT_GATE_ISSUER must end with /,
    ],
    [
      'a pool and algorithms',
      { ...POOL, JWT_GATE_ALGORITHMS: 'ES256' },
      /^JWT_GATE_ALGORITHMS cannot be set with JWT_GATE_USER_POOL_ID/,
    ],
    [
      'an issuer and an app client',
      { ...ISSUER, JWT_GATE_CLIENT_ID: 'app' },
      /^JWT_GATE_CLIENT_ID can be set with JWT_GATE_USER_POOL_ID only/,
    ],
    [
      'an issuer and a kind of token',
      { ...ISSUER, JWT_GATE_TOKEN_USE: 'id' },
      /^JWT_GATE_TOKEN_USE can be set with JWT_GATE_USER_POOL_ID only/,
    ],
    [
      'two pools and an issuer',
      { ...twoPools, ...ofPool },
      /^JWT_GATE_ISSUER can be set with one /,
    ],
    [
      'two pools and one key address',
      { ...twoPools, JWT_GATE_JWKS_URI: 'https://idp.example' },
      /^JWT_GATE_JWKS_URI can be set with one /,
    ],
    [
      'two pools and one key set',
      { ...twoPools, JWT_GATE_JWKS: '{"keys":[]}' },
      /^JWT_GATE_JWKS can be set with one /,
    ],
    [
      'ID tokens and an audience',
      { ...POOL, JWT_GATE_TOKEN_USE: 'id', JWT_GATE_AUDIENCE: 'api' },
      /^JWT_GATE_AUDIENCE is for access tokens: .* JWT_GATE_CLIENT_ID/,
    ],
    [
      'exact without a route map',
      { ...POOL, JWT_GATE_EXACT: 'true' },
      /^JWT_GATE_EXACT can be set with JWT_GATE_ACCESS only/,
    ],
  ])('%s', (_, env, message) => {
    expect(refusalOf(env)).toMatch(message)
  })
})

test.each([
  'JWT_GATE_USER_POOL_ID',
  'JWT_GATE_CLIENT_ID',
  'JWT_GATE_TOKEN_USE',
  'JWT_GATE_ISSUER',
  'JWT_GATE_AUDIENCE',
  'JWT_GATE_ALGORITHMS',
  'JWT_GATE_JWKS_URI',
  'JWT_GATE_JWKS',
])('a list of issuers and %s is rejected', (name) => {
  const value = { JWT_GATE_TOKEN_USE: 'id', JWT_GATE_JWKS: '{"keys":[]}' }[name] ?? 'eu-west-1_A'
  const JWT_GATE_ISSUERS = '[{"issuer":"https://idp.example","audience":"api"}]'

  expect(refusalOf({ JWT_GATE_ISSUERS, [name]: value })).toBe(
    `${name} cannot be set with JWT_GATE_ISSUERS: give it in the list`,
  )
})
