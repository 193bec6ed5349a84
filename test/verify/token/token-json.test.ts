/**
 * Step 1: header and payload must be JSON objects, however the text is manipulated.
 */
import { Buffer } from 'node:buffer'
import { createVerifier } from 'jwt-gate'
import { createTestIssuer } from 'jwt-gate/testing'
import { describe, expect, test } from 'vitest'
import { firstKey, signParts } from '../support/raw-token.ts'

const issuer = await createTestIssuer()
const trusted = { issuer: issuer.issuer, audience: null, jwks: issuer.jwks }
const verifier = createVerifier(trusted)
const MALFORMED = { code: 'ERR_TOKEN_MALFORMED', status: 401 }
const FUTURE = 4_000_000_000

const { alg, kid } = firstKey(issuer)
const HEADER = JSON.stringify({ alg, kid })
const PAYLOAD = JSON.stringify({ iss: issuer.issuer, exp: FUTURE })
const sign = (header: string, payload: string): Promise<string> =>
  signParts(issuer, Buffer.from(header), Buffer.from(payload))
/** The same object with one more member. */
const withMember = (json: string, member: string): string => `${json.slice(0, -1)},${member}}`
const nested = (depth: number): string => '['.repeat(depth) + ']'.repeat(depth)

describe('JSON objects', () => {
  const notObjects = [
    '',
    'null',
    'true',
    '1',
    '"text"',
    '[]',
    `[${PAYLOAD}]`,
    JSON.stringify(PAYLOAD),
    `${PAYLOAD}x`,
    `${PAYLOAD}${PAYLOAD}`,
    PAYLOAD.slice(0, -1),
    `${PAYLOAD.slice(0, -1)},}`,
    PAYLOAD.replaceAll('"', "'"),
    `/**/${PAYLOAD}`,
  ]

  test.each(notObjects)('rejects the payload %j', async (payload) => {
    await expect(verifier.verify(await sign(HEADER, payload))).rejects.toMatchObject(MALFORMED)
  })

  test.each(notObjects.map((text) => text.replaceAll(PAYLOAD, HEADER)))(
    'rejects the header %j',
    async (header) => {
      await expect(verifier.verify(await sign(header, PAYLOAD))).rejects.toMatchObject(MALFORMED)
    },
  )

  test('keeps nothing of a text that is not JSON, not even as a cause', async () => {
    const token = await sign(HEADER, '{"password":"hunter2"')

    const error = await verifier.verify(token).catch((reason: unknown) => reason)

    expect(error).toMatchObject(MALFORMED)
    expect(error).not.toHaveProperty('cause')
  })
})

describe('duplicate members', () => {
  test('the last of two claims is used', async () => {
    const token = await sign(HEADER, `{"exp":1,"iss":"https://evil.example",${PAYLOAD.slice(1)}`)

    const { claims } = await verifier.verify(token)

    expect(claims).toEqual({ iss: issuer.issuer, exp: FUTURE })
  })

  test.each(['"exp":1', '"\\u0065xp":1'])('the first one is not used: %s', async (member) => {
    const token = await sign(HEADER, withMember(PAYLOAD, member))

    await expect(verifier.verify(token)).rejects.toMatchObject({ code: 'ERR_TOKEN_EXPIRED' })
  })

  test('the last of two header members is used', async () => {
    const good = await sign(`{"alg":"none",${HEADER.slice(1)}`, PAYLOAD)
    const bad = await sign(withMember(HEADER, '"alg":"none"'), PAYLOAD)

    await expect(verifier.verify(good)).resolves.toBeDefined()
    await expect(verifier.verify(bad)).rejects.toMatchObject({ code: 'ERR_TOKEN_ALGORITHM' })
  })
})

describe('values that would harm code that walks through the claims', () => {
  test('accepts 64 levels of nesting', async () => {
    const token = await sign(HEADER, withMember(PAYLOAD, `"deep":${nested(64)}`))

    await expect(verifier.verify(token)).resolves.toBeDefined()
  })

  test('rejects 65 levels, in the payload and in the header', async () => {
    const payload = await sign(HEADER, withMember(PAYLOAD, `"deep":${nested(65)}`))
    const header = await sign(withMember(HEADER, `"deep":${nested(65)}`), PAYLOAD)

    await expect(verifier.verify(payload)).rejects.toMatchObject(MALFORMED)
    await expect(verifier.verify(header)).rejects.toMatchObject(MALFORMED)
  })

  test('rejects 100000 levels without a stack overflow', async () => {
    const patient = createVerifier(trusted, { maxTokenBytes: 1_048_576 })
    const token = await sign(HEADER, withMember(PAYLOAD, `"deep":${nested(100_000)}`))

    await expect(patient.verify(token)).rejects.toMatchObject(MALFORMED)
  })

  test('rejects a member named __proto__ at any level', async () => {
    const member = '"x":[{"__proto__":{"admin":true}}]'
    const payload = await sign(HEADER, withMember(PAYLOAD, member))
    const header = await sign(withMember(HEADER, member), PAYLOAD)

    await expect(verifier.verify(payload)).rejects.toMatchObject(MALFORMED)
    await expect(verifier.verify(header)).rejects.toMatchObject(MALFORMED)
  })

  test.each(['"iss"', '"exp"'])(
    'does not read %s from a member named __proto__',
    async (member) => {
      const hidden = `{"__proto__":${PAYLOAD},${PAYLOAD.slice(1).replace(member, '"other"')}`

      await expect(verifier.verify(await sign(HEADER, hidden))).rejects.toMatchObject({
        name: 'TokenError',
        reason: 'missing',
      })
    },
  )
})
