/**
 * Options are read once: later changes to them have no effect.
 */
import { cognito, createVerifier } from 'jwt-gate'
import { createTestIssuer } from 'jwt-gate/testing'
import { expect, test } from 'vitest'
import { createClock } from './support/clock.ts'

const issuer = await createTestIssuer({ algorithms: ['ES256'] })
const exp = 4_000_000_000

test('lists and key sets may be emptied or filled later', async () => {
  const keys: { kty: string; n?: unknown }[] = issuer.jwks.keys.map((key) => ({ ...key }))
  const trusted = {
    issuer: issuer.issuer,
    audience: ['api'],
    clientId: ['app'],
    algorithms: ['RS256' as const, 'ES256' as const],
    requiredClaims: ['tenant'],
    jwks: { keys },
  }
  const list = [trusted]
  const verifier = createVerifier(list)
  const claims = { iss: issuer.issuer, exp, aud: 'api', client_id: 'app', tenant: 'acme' }
  const good = await issuer.token(claims)
  const bad = await issuer.token({ ...claims, aud: 'other', client_id: 'other', tenant: undefined })

  trusted.audience.splice(0, 1, 'other')
  trusted.clientId.splice(0, 1, 'other')
  trusted.requiredClaims.length = 0
  trusted.algorithms.length = 0
  for (const key of keys) key.n = 'AQAB'
  keys.length = 0
  list.length = 0

  await expect(verifier.verify(good)).resolves.toBeDefined()
  await expect(verifier.verify(bad)).rejects.toMatchObject({ code: 'ERR_CLAIM_AUDIENCE' })
})

test('members may be replaced or removed later', async () => {
  const clock = createClock()
  const fetch: typeof globalThis.fetch = async () => Response.json(issuer.jwks)
  const refuse = () => {
    throw new Error('not this one')
  }
  const options: Record<string, unknown> = {
    now: clock.now,
    fetch,
    check: () => undefined,
    maxTokenBytes: 16_384,
    clockToleranceSeconds: 0,
    jwks: { maxKeys: 3 },
  }
  const trusted: Record<string, unknown> = {
    issuer: issuer.issuer,
    audience: 'api',
    jwksUri: issuer.jwksUri,
  }
  const verifier = createVerifier(trusted as never, options)
  const token = await issuer.token({ iss: issuer.issuer, exp: clock.seconds() + 1, aud: 'api' })

  Object.assign(options, { now: refuse, fetch: refuse, check: refuse, maxTokenBytes: 1 })
  Object.assign(options['jwks'] as object, { maxKeys: 1 })
  Object.assign(trusted, { audience: 'other', issuer: 'https://evil.example' })

  await expect(verifier.verify(token)).resolves.toBeDefined()
})

test('options of cognito() may be changed later', async () => {
  const clientId = [issuer.clientId]
  const { userPoolId } = issuer
  const description = cognito({ userPoolId, clientId, tokenUse: 'access', jwks: issuer.jwks })

  clientId.splice(0, 1, 'other')
  const verifier = createVerifier(description)

  await expect(verifier.verify(await issuer.accessToken())).resolves.toBeDefined()
})
