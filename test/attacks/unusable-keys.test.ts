/**
 * What is reported of unusable keys comes from the issuer's set alone, and is bounded and printable.
 */
import { createVerifier, type JwksFetchedEvent } from 'jwt-gate'
import { createTestIssuer } from 'jwt-gate/testing'
import { expect, test } from 'vitest'
import { claimsOf, now, sayOf } from './setup.ts'

const issuer = await createTestIssuer({ now })

async function report(keys: unknown[], kid: string) {
  const events: JwksFetchedEvent[] = []
  const verifier = createVerifier(
    { issuer: issuer.issuer, audience: 'api', jwksUri: issuer.jwksUri },
    {
      now,
      fetch: async () => Response.json({ keys: [...keys, ...issuer.jwks.keys] }),
      onEvent: (event) => events.push(event as JwksFetchedEvent),
    },
  )
  const token = await issuer.token(claimsOf(issuer), { header: { kid } })
  await sayOf(() => verifier.verify(token))
  return events[0] as JwksFetchedEvent
}

test('no set makes it longer than twenty keys of 64 characters', async () => {
  const keys = Array.from({ length: 90 }, (_, n) => ({
    kty: 'oct',
    kid: `${n}`.padEnd(5_000, 'x'),
  }))
  const { unusable, unusableKeys } = await report(keys, 'made-up')

  expect(unusable).toBe(90)
  expect(unusableKeys).toHaveLength(20)
  expect(unusableKeys.every(({ kid }) => kid?.length === 64)).toBe(true)
})

test('no kid breaks a line of a log', async () => {
  const keys = ['a\r\nb', '\u001b[31m', 'q"\\', '\u202e', {}, null].map((kid) => ({
    kty: 'oct',
    kid,
  }))
  const { unusableKeys } = await report(keys, 'made-up')

  expect(unusableKeys.map(({ kid }) => kid)).toEqual([
    ...['a??b', '?[31m', 'q??', '?'],
    ...[undefined, undefined],
  ])
})

test('nothing of the token or of the keys themselves is in it', async () => {
  const text = JSON.stringify(await report([{ kty: 'oct', kid: 'k', k: 'c2VjcmV0' }], 'made-up'))

  expect(text).toContain('{"reason":"private"}')
  expect(text).not.toContain('made-up')
  expect(text).not.toContain('c2VjcmV0')
})
