/**
 * The key of the token is not there or may not be used, or the signature does not fit it.
 */
import { generateKeyPairSync, KeyObject, sign } from 'node:crypto'
import type { JsonWebKey, JwtGateErrorCode } from 'jwt-gate'
import type { TestKey } from '../../../src/testing/test-key.ts'
import { type Attempt, ISSUER, type SetUp, type World } from './world.ts'

export async function createKeySetUps(world: World): Promise<SetUp[]> {
  const { pool, stranger, trust, token } = world
  const sent = await token()
  const good: Attempt = { trusted: trust(), token: sent }
  const row = (
    [name, code]: readonly [string, JwtGateErrorCode],
    [cause, advice]: readonly [string, string | RegExp],
    broken: Attempt,
    cured = good,
  ): SetUp => ({ name, code, cause, advice, broken, cured })
  const [first, second] = pool.jwks.keys as [JsonWebKey, JsonWebKey, ...JsonWebKey[]]
  const origin = await world.serve((_, response) => {
    response.end(JSON.stringify({ keys: [second, { ...first, kid: 'weak', use: 'enc' }] }))
  })
  const rotated = await world.serve((_, response) => response.end(JSON.stringify(pool.jwks)))
  const nameless = await token({}, { header: { kid: undefined } })
  const short = generateKeyPairSync('rsa', { modulusLength: 1024 }).publicKey.export({
    format: 'jwk',
  })
  const es256 = pool.keyFor('ES256')
  const inEs256 = await token({}, { key: es256 })
  const graph = { iss: ISSUER, aud: 'https://graph.microsoft.com' }
  const wrong = { sign: () => new Uint8Array(256) }
  return [
    row(
      ['an unknown kid', 'ERR_KEY_NOT_FOUND'],
      ["The key of the token is not in the issuer's key set", /"weak" \(its "use" is not "sig"\)/],
      { trusted: trust({ jwksUri: `${origin}/keys` }), token: sent },
      { trusted: trust({ jwksUri: `${rotated}/keys` }), token: sent },
    ),
    row(
      ['configured keys are old', 'ERR_KEY_NOT_FOUND'],
      ['The key of the token is not among the configured keys', 'copy the issuer'],
      { trusted: trust({ jwks: stranger.jwks }), token: sent },
    ),
    row(
      ['no kid and several keys', 'ERR_KEY_UNUSABLE'],
      ['More than one key fits the token', 'no "kid"'],
      { trusted: trust(), token: nameless },
      { trusted: trust({ jwks: { keys: [first] } }), token: nameless },
    ),
    row(
      ['no kid and no key', 'ERR_KEY_NOT_FOUND'],
      ['The token does not name its key, and no key fits it', 'belongs to the issuer'],
      { trusted: trust({ jwks: { keys: [es256.jwk] } }), token: nameless },
      { trusted: trust({ jwks: { keys: [first] } }), token: nameless },
    ),
    row(
      ['the key has too few bits', 'ERR_KEY_UNUSABLE'],
      ['The key of the token may not be used for it', 'fewer than 2,048 bits'],
      {
        trusted: trust({ jwks: { keys: [{ ...short, kid: first.kid } as JsonWebKey, second] } }),
        token: sent,
      },
    ),
    row(
      ['the key is for encryption', 'ERR_KEY_UNUSABLE'],
      ['The key of the token may not be used for it', 'its "use" is not "sig"'],
      { trusted: trust({ jwks: { keys: [{ ...first, use: 'enc' }, second] } }), token: sent },
    ),
    row(
      ['the payload was edited', 'ERR_TOKEN_SIGNATURE'],
      ['The token was changed after it was signed, or another key has signed it', 'debugger'],
      { trusted: trust(), token: edit(sent, { role: 'admin' }) },
    ),
    row(
      ['the last characters are missing', 'ERR_TOKEN_SIGNATURE'],
      ['The end of the token is cut off', 'must have 256'],
      { trusted: trust(), token: sent.slice(0, -42) },
    ),
    row(
      ['something is appended', 'ERR_TOKEN_SIGNATURE'],
      ['Something follows the token, or it is signed with a key of another size', '259 bytes'],
      { trusted: trust(), token: `${sent.slice(0, -2)}AAAAAA` },
    ),
    row(
      ['a signature in DER', 'ERR_TOKEN_SIGNATURE'],
      ['The signature is in DER format', 'ieee-p1363'],
      { trusted: trust(), token: await token({}, { key: es256, sign: signDer }) },
      { trusted: trust(), token: inEs256 },
    ),
    row(
      ['a signature without its leading zero', 'ERR_TOKEN_SIGNATURE'],
      ['The signature lacks a leading zero', '63 bytes'],
      {
        trusted: trust(),
        token: await token({}, { key: es256, sign: () => new Uint8Array(63).fill(1) }),
      },
      { trusted: trust(), token: inEs256 },
    ),
    row(
      ['Microsoft Graph, whose tokens nobody can verify', 'ERR_TOKEN_SIGNATURE'],
      ['The token is for Microsoft Graph', 'api://'],
      { trusted: trust({ audience: null }), token: await token(graph, wrong) },
    ),
  ]
}

/** Another payload under the same signature. */
function edit(token: string, claims: object): string {
  const [header, payload = '', signature] = token.split('.')
  const edited = { ...JSON.parse(Buffer.from(payload, 'base64url').toString()), ...claims }
  return `${header}.${Buffer.from(JSON.stringify(edited)).toString('base64url')}.${signature}`
}

/** As node:crypto signs by default. */
function signDer(input: string, { privateKey }: TestKey): Uint8Array {
  // from 70 to 72 bytes long, and what is printed has to be the same in each run
  for (;;) {
    const signature = sign('sha256', Buffer.from(input), KeyObject.from(privateKey))
    if (signature.length === 71) return signature
  }
}
