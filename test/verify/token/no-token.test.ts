/**
 * Texts that are no signed JWT: each kind has a reason and a message of its own, and the message has nothing of the text.
 */
import { createVerifier, TokenError } from 'jwt-gate'
import { createTestIssuer } from 'jwt-gate/testing'
import { expect, test } from 'vitest'

const issuer = await createTestIssuer()
const verifier = createVerifier({ issuer: issuer.issuer, audience: null, jwks: issuer.jwks })
const good = await issuer.accessToken()
const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
/** RFC 7516 s3.1: five parts. */
const jwe = (alg: string, key: string) =>
  [encode({ alg, enc: 'A256GCM' }), key, 'aXYtaXYtaXYtaXY', 'Y2lwaGVydGV4dA', 'dGFndGFndGFn'].join(
    '.',
  )

async function refusalOf(token: string): Promise<TokenError> {
  const error: unknown = await verifier.verify(token).catch((reason: unknown) => reason)
  expect(error).toBeInstanceOf(TokenError)
  return error as TokenError
}

test.each([
  ['opaque', 'ya29.a0AfH6SM'.replace('.', '-')],
  ['opaque', '2YotnFZFEjr1zCsicMWpAA'],
  ['encrypted', jwe('RSA-OAEP-256', 'c29tZS1lbmNyeXB0ZWQta2V5')],
  ['encrypted', jwe('dir', '')],
  ['scheme', `Bearer ${good}`],
  ['empty', 'undefined'],
  ['empty', 'null'],
])('%s: %s', async (reason, text) => {
  const error = await refusalOf(text)

  expect(error).toMatchObject({ code: 'ERR_TOKEN_MALFORMED', status: 401, reason })
  expect(error.message).not.toBe('The token is not a well-formed JWT')
})

test.each([
  ['a cut-off end', good.slice(0, -3)],
  ['two parts', good.slice(0, good.lastIndexOf('.'))],
  ['four parts', `${good}.x`],
  ['six parts', `${good}.x.y.z`],
  ['three parts that are nothing', 'a.b.c'],
  ['a token in quotes', `"${good}"`],
  ['JSON without dots', '{"a":1}'],
  ['a comma between two', `${good},${good}`],
])('no reason is made up for %s', async (_, text) => {
  const error = await refusalOf(text)

  expect(error.reason).toBeUndefined()
})

test('encrypted: a header of three parts that names a content encryption', async () => {
  const header = { alg: 'RSA-OAEP', enc: 'A128GCM' }

  const error = await refusalOf(await issuer.token({ iss: issuer.issuer }, { header }))

  expect(error).toMatchObject({ code: 'ERR_TOKEN_ALGORITHM', reason: 'encrypted' })
  expect(error.message).toContain('encrypted')
})
