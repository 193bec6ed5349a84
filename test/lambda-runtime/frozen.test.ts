/**
 * What Lambda does to the zip's file between its calls: it freezes the process, for as long as it likes.
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
// so that the token outlives every movement of the clock
const token = await issuer.accessToken({ exp: 4_000_000_000 })
const event = createAuthorizerEvent('rest-request', { token })

describe('a process that was frozen', () => {
  test('while it fetched keys, and lost the connection, fetches them again and answers', async () => {
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

  test('for an hour fetches keys before it answers, and knows none that were withdrawn', async () => {
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

  test('for three hours uses no old keys while it cannot have new ones', async () => {
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

  test('until a token that it knows expired refuses it', async () => {
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
