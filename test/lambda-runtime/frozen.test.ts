/**
 * What Lambda does to the function between its calls: it freezes the process, for any length of time.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createAuthorizerEvent, createTestIssuer } from 'jwt-gate/testing'
import { afterAll, describe, expect, test } from 'vitest'
import { createGate } from '../verify/support/key-endpoint.ts'
import { deployZip, down, keysOf, unpackZip } from './deploy.ts'
import { allowed, UNAUTHORIZED, UNDECIDED } from './outcomes.ts'

const folder = await mkdtemp(join(tmpdir(), 'jwt-gate-lambda-'))
afterAll(() => rm(folder, { recursive: true, force: true }))
await unpackZip(folder)

const HOUR_MS = 3_600_000
const issuer = await createTestIssuer()
// so that the token does not expire, whatever the clock does
const token = await issuer.accessToken({ exp: 4_000_000_000 })
const event = createAuthorizerEvent('rest-request', { token })

describe('a process that was frozen', () => {
  test('while it fetched keys, and lost the connection, fetches them again and responds', async () => {
    const asked = createGate<() => void>()
    const lambda = await deployZip(issuer, { folder })
    await lambda.init
    await lambda.moveClock(550_000)
    lambda.serve((_, response) => asked.resolve(() => response.destroy()))

    const outcome = lambda.invoke(event)
    const breakOff = await asked.promise
    lambda.freeze()
    breakOff()
    lambda.serve(keysOf(issuer))
    lambda.thaw()

    expect(await outcome).toEqual(allowed())
    expect(lambda.keyServer.asked).toHaveLength(3)
  })

  test('for an hour fetches keys before it responds, and does not use withdrawn ones', async () => {
    const lambda = await deployZip(issuer, { folder })
    const [, second] = issuer.jwks.keys
    const before = await lambda.invoke(event)
    lambda.freeze()
    lambda.serve(keysOf({ jwks: { keys: second ? [second] : [] } }))
    lambda.thaw()
    await lambda.moveClock(HOUR_MS)

    const after = await lambda.invoke(event)

    expect(before).toEqual(allowed())
    expect(after).toEqual(UNAUTHORIZED)
  })

  test('for three hours does not use its old keys while it cannot get new ones', async () => {
    const lambda = await deployZip(issuer, { folder })
    await lambda.invoke(event)
    lambda.freeze()
    lambda.serve(down)
    lambda.thaw()
    await lambda.moveClock(3 * HOUR_MS)

    const during = await lambda.invoke(event)
    lambda.serve(keysOf(issuer))
    await lambda.moveClock(2_000)
    const after = await lambda.invoke(event)

    expect(during).toEqual(UNDECIDED)
    expect(after).toEqual(allowed())
  })

  test('until a cached token expired rejects it', async () => {
    const lambda = await deployZip(issuer, { folder })
    const short = createAuthorizerEvent('rest-token', { token: await issuer.accessToken() })
    const before = await lambda.invoke(short)
    lambda.freeze()
    lambda.thaw()
    await lambda.moveClock(HOUR_MS + 10_000)

    const after = await lambda.invoke(short)

    expect(before).toEqual(allowed())
    expect(after).toEqual(UNAUTHORIZED)
  })
})
