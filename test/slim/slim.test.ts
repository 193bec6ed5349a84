/**
 * `jwt-gate/slim`, as it is built. `npm run test:slim` runs the tests of the core and the authorizer on its modules.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { build } from 'esbuild'
import { createVerifier as createFullVerifier } from 'jwt-gate'
import { createRevocations, memoryReplayStore, memoryRevocationStore } from 'jwt-gate/stores'
import { createAuthorizerEvent, createTestIssuer } from 'jwt-gate/testing'
import { afterAll, describe, expect, test } from 'vitest'
import { LRU_CACHE, leaveOut } from '../../scripts/slim.mjs'
import type * as Slim from '../../src/slim/index.ts'

const ROOT = resolve(import.meta.dirname, '../..')
const folder = await mkdtemp(join(tmpdir(), 'jwt-gate-slim-'))
afterAll(() => rm(folder, { recursive: true, force: true }))
const { createAuthorizer, createVerifier, isJwtGateError } = await load()

const issuer = await createTestIssuer()
const TRUSTED = { issuer: issuer.issuer, audience: null, jwks: issuer.jwks }

async function load(): Promise<typeof Slim> {
  const outfile = join(folder, 'slim.mjs')
  await build({
    entryPoints: [join(ROOT, 'src/slim/index.ts')],
    outfile,
    tsconfig: join(ROOT, 'tsconfig.build.json'),
    bundle: true,
    format: 'esm',
    platform: 'node',
    logLevel: 'error',
    alias: LRU_CACHE,
    plugins: [leaveOut()],
  })
  return await import(/* @vite-ignore */ pathToFileURL(outfile).href)
}

describe('what it lacks is an error at construction', () => {
  const replay = memoryReplayStore({ max: 10 })
  test.each<[string, () => unknown]>([
    ['"trusted" cannot be a function', () => createVerifier(() => undefined)],
    ['"dpop" and "mtls" are not in jwt-gate/slim', () => createVerifier(TRUSTED, { mtls: true })],
    [
      '"dpop" and "mtls" are not in jwt-gate/slim',
      () => createVerifier(TRUSTED, { dpop: { replay } }),
    ],
    [
      'import createVerifier from jwt-gate, and createAuthorizer from jwt-gate/lambda-authorizer',
      () => createAuthorizer(createFullVerifier(TRUSTED, { mtls: true })),
    ],
    [
      'import createVerifier from jwt-gate, and createAuthorizer from jwt-gate/lambda-authorizer',
      () => createAuthorizer({ ...createFullVerifier(TRUSTED, { dpop: { replay } }) }),
    ],
    [
      '"access" is not an option of jwt-gate/slim',
      () => createAuthorizer(createVerifier(TRUSTED), { access: { 'GET /': {} } }),
    ],
    [
      '"access" is not an option of jwt-gate/slim',
      () =>
        createAuthorizer(createVerifier(TRUSTED), { policy: 'request', access: { 'GET /': {} } }),
    ],
    [
      '"access" is not an option of jwt-gate/slim',
      () =>
        createAuthorizer(createVerifier(TRUSTED), {
          response: 'simple',
          access: { 'GET /': {} },
        }),
    ],
  ])('%s (%#)', (message, create) => {
    expect(create).toThrow(
      expect.objectContaining({
        code: 'ERR_CONFIG_INVALID',
        message: expect.stringContaining(message),
      }),
    )
  })
})

test('a good token is allowed, and a forged one is not', async () => {
  const handler = createAuthorizer(createVerifier(TRUSTED), { unauthorized: 'deny' })
  const token = await issuer.accessToken()

  const results = [token, `${token.slice(0, -8)}AAAAAAAA`].map((one) =>
    handler(createAuthorizerEvent('http-2.0', { token: one })),
  )

  expect(await Promise.all(results)).toMatchObject([
    { policyDocument: { Statement: [{ Effect: 'Allow' }] } },
    { policyDocument: { Statement: [{ Effect: 'Deny' }] } },
  ])
})

test('a bound token is rejected, also with a proof', async () => {
  const { verify } = createVerifier(TRUSTED)
  const token = await issuer.accessToken({ cnf: { jkt: 'x' } })

  for (const presented of [undefined, { scheme: 'DPoP', proof: token }]) {
    await expect(verify(token, presented)).rejects.toMatchObject({ code: 'ERR_TOKEN_UNSUPPORTED' })
  }
})

test.each([
  ['jwt-gate/slim', createVerifier],
  ['jwt-gate', createFullVerifier],
])(
  'takes a list of revoked tokens with a verifier of %s, and rejects as the full library',
  async (_, create) => {
    const revocations = createRevocations({ store: memoryRevocationStore(), whenStale: 'refuse' })
    const verifier = create(TRUSTED, { revocations })
    const handler = createAuthorizer(verifier)
    const token = await issuer.accessToken({ sub: 'alice' })
    const event = createAuthorizerEvent('rest-request', { token })
    await handler(event)

    const until = Math.floor(Date.now() / 1_000) + 3_600
    await revocations.revoke({ issuer: issuer.issuer, sub: 'alice', until })

    await expect(handler(event)).rejects.toThrow(/^Unauthorized$/)
    const error = await verifier.verify(token).catch((thrown: unknown) => thrown)
    expect(isJwtGateError(error)).toBe(true)
    expect(error).toMatchObject({ code: 'ERR_TOKEN_REVOKED' })
  },
)
