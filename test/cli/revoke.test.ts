/**
 * `jwt-gate revoke`, with a store in the memory of the test.
 */
import { createVerifier } from 'jwt-gate'
import { createRevocations, memoryRevocationStore, type RevocationStore } from 'jwt-gate/stores'
import { createTestIssuer } from 'jwt-gate/testing'
import { beforeEach, describe, expect, test } from 'vitest'
import { makeFolder, type Ran, runCli } from './run-cli.ts'

const NOW = 1_800_000_000
const now = () => NOW * 1_000
const issuer = await createTestIssuer({ now })
const { userPoolId, clientId } = issuer
const iss = issuer.issuer
const CONFIG = 'jwt-gate.config.mjs'
const POOL = ['--user-pool-id', userPoolId, '--client-id', clientId, '--token-use', 'access']
const SETUP = [...POOL, '--issuer', iss]

let store: RevocationStore
beforeEach(() => {
  store = memoryRevocationStore({ now })
})

interface Given {
  readonly stdin?: string
  readonly files?: Readonly<Record<string, string>>
  readonly env?: Readonly<Record<string, string>>
  readonly exports?: object
}

function revoke(argv: readonly string[], given: Given = {}): Promise<Ran> {
  const { files = { [CONFIG]: '' }, exports = { store }, ...rest } = given
  const cwd = makeFolder({ ...files })
  const load = async () => exports
  return runCli(['revoke', ...argv], { ...rest, cwd, load, now, fetch: issuer.fetch })
}

/** A service with the same store. */
async function judge(token: string): Promise<string> {
  const revocations = createRevocations({ store, whenStale: 'refuse', now })
  const trusted = { issuer: iss, audience: null, jwks: issuer.jwks }
  return createVerifier(trusted, { now, revocations })
    .verify(token)
    .then(
      () => 'accepted',
      (error) => error.code,
    )
}

describe('an entry by options', () => {
  test.each([
    ['jti', 'jti'],
    ['origin-jti', 'origin_jti'],
    ['sid', 'sid'],
    ['sub', 'sub'],
    ['client-id', 'client_id'],
  ])('by --%s, and back', async (option, claim) => {
    const token = await issuer.accessToken({ [claim]: 'it', iss })
    const other = await issuer.accessToken({ [claim]: 'another', iss })
    const which = ['--issuer', iss, `--${option}`, 'it']

    const revoked = await revoke([...which, '--until', '+2h'])
    expect(revoked).toEqual({
      exit: 0,
      stdout: `revoked: ${claim} "it"
  issuer         ${iss}
  until          2027-01-15T10:00:00Z, in 2 hours
In force in each process with its next read of the store: after refreshMs, 5 seconds by default.
`,
      stderr: '',
    })
    expect([await judge(token), await judge(other)]).toEqual(['ERR_TOKEN_REVOKED', 'accepted'])

    const restored = await revoke([...which, '--restore'])
    expect(restored.exit).toBe(0)
    expect(restored.stdout).toContain(`taken back: all entries for ${claim} "it"`)
    expect(await judge(token)).toBe('accepted')
  })

  test('until a time, for what was issued before, as JSON', async () => {
    const argv = ['--issuer', iss, '--sub', 'alice', '--issued-before', 'now']
    const { exit, stdout } = await revoke([...argv, '--until', '2027-01-15T09:30:00Z', '--json'])

    expect(exit).toBe(0)
    const entry = { issuer: iss, sub: 'alice', issuedBefore: NOW, until: NOW + 5_400 }
    expect(JSON.parse(stdout)).toEqual({ revoked: entry })
    const claims = { sub: 'alice', exp: NOW + 60 }
    expect(await judge(await issuer.accessToken({ ...claims, iat: NOW }))).toBe('ERR_TOKEN_REVOKED')
    expect(await judge(await issuer.accessToken({ ...claims, iat: NOW + 1 }))).toBe('accepted')
  })

  test('a list that the module exports is used as it is', async () => {
    const revocations = createRevocations({ store, whenStale: 'refuse', now })
    const argv = ['--issuer', iss, '--sub', 'alice', '--until', '+1h']

    expect(await revoke(argv, { exports: { revocations } })).toMatchObject({ exit: 0 })
    expect(await judge(await issuer.accessToken({ sub: 'alice' }))).toBe('ERR_TOKEN_REVOKED')
  })
})

describe('a token', () => {
  test('is verified, and revoked by its jti until it expires', async () => {
    const token = await issuer.accessToken({ jti: 'one', exp: NOW + 300 })
    const sibling = await issuer.accessToken({ jti: 'two' })

    const { exit, stdout } = await revoke(['-', ...SETUP, '--json'], { stdin: token })

    expect(exit).toBe(0)
    expect(JSON.parse(stdout)).toEqual({ revoked: { issuer: iss, jti: 'one', until: NOW + 300 } })
    expect([await judge(token), await judge(sibling)]).toEqual(['ERR_TOKEN_REVOKED', 'accepted'])
  })

  test('by another claim needs a time: other tokens may expire later', async () => {
    const token = await issuer.accessToken({ origin_jti: 'sign-in', iss })
    const argv = ['-', ...SETUP, '--by', 'origin_jti']

    const missing = await revoke(argv, { stdin: token })
    expect([missing.exit, missing.stderr]).toEqual([
      2,
      expect.stringContaining('--until is missing'),
    ])
    expect(await judge(token)).toBe('accepted')
    expect(await revoke([...argv, '--until', '+1d'], { stdin: token })).toMatchObject({ exit: 0 })
    const sibling = await issuer.accessToken({ origin_jti: 'sign-in', jti: 'other' })
    expect(await judge(sibling)).toBe('ERR_TOKEN_REVOKED')
  })

  test('that was revoked already is genuine: it can be put back by the verifier of a service', async () => {
    const token = await issuer.accessToken({ jti: 'one' })
    const revocations = createRevocations({ store, whenStale: 'refuse', now })
    const trusted = { issuer: iss, audience: null, jwks: issuer.jwks }
    const exports = { default: createVerifier(trusted, { now, revocations }), revocations }

    expect(await revoke(['-'], { stdin: token, exports })).toMatchObject({ exit: 0 })
    expect(await judge(token)).toBe('ERR_TOKEN_REVOKED')
    expect(await revoke(['-', '--restore'], { stdin: token, exports })).toMatchObject({ exit: 0 })
    expect(await judge(token)).toBe('accepted')
  })

  test.each([
    ['forged', async (token: string) => `${token.slice(0, -8)}AAAAAAAA`, 'ERR_TOKEN_SIGNATURE'],
    ['expired', () => issuer.accessToken({ jti: 'one', exp: NOW - 60 }), 'ERR_TOKEN_EXPIRED'],
    ['of a stranger', () => strangersToken(), 'ERR_KEY_NOT_FOUND'],
  ])('that is %s revokes nothing', async (_name, make, code) => {
    const token = await issuer.accessToken({ jti: 'one' })
    const { exit, stdout } = await revoke(['-', ...SETUP], { stdin: await make(token) })

    expect([exit, stdout]).toEqual([1, expect.stringContaining(`nothing was revoked: ${code}`)])
    expect(await judge(token)).toBe('accepted')
  })

  test('that is not verified is taken only if that is written out', async () => {
    const forged = `${(await issuer.accessToken({ jti: 'one' })).slice(0, -8)}AAAAAAAA`

    const given = { stdin: forged, files: { 'store.mjs': '' } }
    const without = await revoke(['-', '--redis', 'redis://127.0.0.1:1'], given)
    expect([without.exit, without.stderr]).toEqual([2, expect.stringContaining('no set-up')])
    const { exit, stderr } = await revoke(['-', '--unverified', '--config', 'store.mjs'], given)
    expect([exit, stderr]).toEqual([0, expect.stringContaining('UNVERIFIED')])
    expect(await judge(await issuer.accessToken({ jti: 'one' }))).toBe('ERR_TOKEN_REVOKED')
  })

  test('stays good if its keys cannot be fetched: nobody knows', async () => {
    const token = await issuer.accessToken({ jti: 'one' })
    issuer.fail('down')
    const { exit, stderr } = await revoke(['-', ...SETUP], { stdin: token })
    issuer.fail(null)

    expect([exit, stderr]).toEqual([2, expect.stringContaining('ERR_JWKS_UNAVAILABLE')])
    expect(await judge(token)).toBe('accepted')
  })
})

async function strangersToken(): Promise<string> {
  return (await createTestIssuer({ now })).accessToken({ jti: 'one', iss })
}

describe('a mistake is named, and nothing is revoked', () => {
  const BY_SUB = ['--issuer', 'https://idp.example', '--sub', 'alice']
  test.each([
    [[], 'exactly one of --jti, --origin-jti, --sid, --sub, --client-id'],
    [['--sub', 'alice', '--until', '+1h'], '--issuer is missing'],
    [[...BY_SUB, '--jti', 'x', '--until', '+1h'], 'exactly one of'],
    [BY_SUB, '--until is missing'],
    [[...BY_SUB, '--until', 'tomorrow'], '--until must be a time'],
    [[...BY_SUB, '--until', '1800003600000'], '--until must be a time'],
    [[...BY_SUB, '--until', '2027-01-15T09:30:00'], '--until must be a time'],
    [[...BY_SUB, '--until', '1799999999'], '--until is in the past'],
    [[...BY_SUB, '--until', '+1h', '--issued-before', 'x'], '--issued-before must be a time'],
    [[...BY_SUB, '--until', '+1h', '--restore'], '--until has no effect with --restore'],
    [[...BY_SUB, '--until', '+1h', '--by', 'sub'], '--by is for a token'],
    [['redis://:hunter2@host/0'], 'The URL of Redis needs its option'],
    [['a.b.c', '--sub', 'alice'], '--sub cannot be used with a token: use --by sub'],
    [['a.b.c', '--by', 'email'], '--by must be one of'],
    [['a.b.c', '--unverified'], 'not a JWT'],
    [[...BY_SUB, '--until', '+1h', '--redis', 'x'], '--redis must be a URL such as'],
    [[...BY_SUB, '--until', '+1h', '--redis-env', 'NONE'], 'The variable NONE is not set'],
    [[...BY_SUB, '--until', '+1h', '--redis-prefix', 'p'], '--redis-prefix is for'],
    [
      [...BY_SUB, '--until', '+1h', '--redis', 'redis://h', '--dynamodb-table', 't'],
      '--redis and --dynamodb-table contradict each other',
    ],
    [
      [...BY_SUB, '--until', '+1h', '--redis', 'redis://h'],
      'not installed here: npm install redis (or ioredis)',
    ],
    [
      [...BY_SUB, '--until', '+1h', '--dynamodb-table', 't'],
      'not installed here: npm install @aws-sdk/client-dynamodb',
    ],
    [['--issuer', 'x'.repeat(3_000), '--sub', 'a', '--until', '+1h'], 'at most 2048 characters'],
  ])('%j', async (argv, says) => {
    const { exit, stdout, stderr } = await revoke(argv)

    expect(stderr).toContain(says)
    expect(stderr).not.toContain('hunter2')
    expect([exit, stdout]).toEqual([2, ''])
    let records = 0
    await store.read(undefined, (texts) => {
      records += texts.length
    })
    expect(records).toBe(0)
  })

  test('a module without a store, and none at all', async () => {
    const argv = [...BY_SUB, '--until', '+1h']

    const empty = await revoke(argv, { exports: {} })
    expect(empty.stderr).toContain('jwt-gate.config.mjs exports no store')
    expect((await revoke(argv, { files: {} })).stderr).toContain('There is no store: give --redis')
  })
})

describe('a store that fails', () => {
  test('is named by its code alone: a message of a client may have the password', async () => {
    const error = Object.assign(new Error('connect redis://:hunter2@host'), {
      code: 'ECONNREFUSED',
    })
    const fail = () => Promise.reject(error)
    const argv = ['--issuer', iss, '--sub', 'alice', '--until', '+1h', '--json']

    const { exit, stdout, stderr } = await revoke(argv, {
      exports: { store: { append: fail, read: fail } },
    })

    expect(exit).toBe(2)
    expect(stderr).toContain('nothing listens at this address (ECONNREFUSED)')
    expect(stdout + stderr).not.toContain('hunter2')
  })

  test.each([
    ['--redis', 'redis://user:hunter2@127.0.0.1:1'],
    ['--redis', 'hunter2:not-a-url'],
    ['--redis-env', 'URL'],
  ])('a password in %s is never printed', async (option, value) => {
    const argv = ['--issuer', iss, '--sub', 'alice', '--until', '+1h', option, value, '--json']
    const { exit, stdout, stderr } = await revoke(argv, { env: { URL: 'http://u:hunter2@h' } })

    expect(exit).toBe(2)
    expect(stdout + stderr).not.toContain('hunter2')
  })
})
