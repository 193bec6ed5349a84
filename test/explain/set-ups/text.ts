/**
 * Something else than a token was sent, or a token was changed on its way.
 */
import type { SetUp, World } from './world.ts'

export async function createTextSetUps({ pool, trustPool }: World): Promise<SetUp[]> {
  const token = await pool.accessToken()
  const [header, payload, signature] = token.split('.') as [string, string, string]
  const refreshHeader = { cty: 'JWT', enc: 'A256GCM', alg: 'RSA-OAEP' }
  const auth0Header = { alg: 'dir', enc: 'A256GCM', iss: 'https://tenant.eu.auth0.com/' }
  const row = (name: string, sent: unknown, cause: string, advice: string): SetUp => ({
    ...{ name, cause, advice, code: sent === '' ? 'ERR_TOKEN_MISSING' : 'ERR_TOKEN_MALFORMED' },
    broken: { trusted: trustPool(), token: sent },
    cured: { trusted: trustPool(), token },
  })
  return [
    row('no token', '', 'No token was sent', 'Authorization: Bearer'),
    row(
      'the text undefined',
      'undefined',
      'A variable without a value was sent as the token',
      'access_token',
    ),
    row(
      'the scheme is left in',
      `Bearer ${token}`,
      'The word Bearer is part of the token',
      'Send the scheme once',
    ),
    row(
      'the scheme twice',
      `Bearer Bearer ${token}`,
      'The word Bearer is part of the token',
      'Send the scheme once',
    ),
    row('quotes', `"${token}"`, 'The token is in quotes', 'jq without -r'),
    row('a line break at the end', `${token}\n`, 'The token contains a line break', 'trim()'),
    row(
      'a space in the middle',
      `${header} .${payload}.${signature}`,
      'The token contains a space',
      'plus sign',
    ),
    row(
      'two tokens',
      `${token},${token}`,
      'More than one token was sent',
      'one Authorization header',
    ),
    row(
      'the whole token response',
      JSON.stringify({ access_token: token }),
      'JSON was sent instead of a token',
      'access_token',
    ),
    row('a placeholder', '{{token}}', 'A placeholder was sent instead of a token', 'environment'),
    row(
      'a variable of the shell',
      '$TOKEN',
      'A placeholder was sent instead of a token',
      'Single quotes',
    ),
    row(
      "an access token of Google's",
      'ya29.a0AfH6SMBx-y_z',
      'The token is opaque: it is no JWT',
      'send the ID token',
    ),
    row('two parts', 'abc.def', 'The token is opaque: it is no JWT', 'audience'),
    row(
      'the text of a promise',
      '[object Promise]',
      'A promise was sent instead of a token',
      'Write await in front of the call',
    ),
    row(
      'the text of an object',
      '[object Object]',
      'An object was sent instead of a token',
      'Send its member access_token',
    ),
    row(
      'the name of the header',
      `Authorization: Bearer ${token}`,
      'The name of the header is part of the token',
      'Pass only what follows "Bearer ".',
    ),
    row('an opaque token', 'a0AfH6SMBx', 'The token is opaque: it is no JWT', 'audience'),
    row(
      'an encrypted token',
      `${encode({ alg: 'ECDH-ES', enc: 'A128GCM' })}..AA.AA.AA`,
      'The token is encrypted (JWE)',
      'A128GCM',
    ),
    row(
      'a refresh token of Cognito',
      `${encode(refreshHeader)}.AA.AA.AA.AA`,
      'A refresh token was sent, or another encrypted token',
      'Send the access token',
    ),
    row(
      'a token of Auth0 without an audience',
      `${encode(auth0Header)}..AA.AA.AA`,
      'The token is encrypted for the issuer alone, because no audience was requested',
      '"audience" of your API',
    ),
    row(
      'the signature is cut off',
      token.slice(0, -41),
      'The end of the token is cut off',
      'Copy the whole token',
    ),
    row(
      'the payload is cut off',
      token.slice(0, header.length + 100),
      'The end of the token is cut off',
      'Copy the whole token',
    ),
    row('the header alone', header, 'The end of the token is cut off', 'three parts'),
    row(
      'plain base64',
      `${header}.${Buffer.from('{"n":"????>>>>"}').toString('base64')}.${signature}`,
      'The token is in plain base64 instead of base64url',
      'padded',
    ),
    row(
      'URL-encoded',
      token.replaceAll('.', '%2E'),
      'The token is URL-encoded',
      'decodeURIComponent',
    ),
    row(
      'a character that no token has',
      `${header}.${payload}é.${signature}`,
      'The token contains characters that no token has',
      'letters, digits',
    ),
    row(
      'no JSON',
      `${header}.${Buffer.from('alice').toString('base64url')}.${signature}`,
      'A part of the token is not a JSON object',
      'as the issuer returned it',
    ),
    row(
      'in lower case',
      token.toLowerCase(),
      'The token was turned into lower case',
      'It has no capital letters',
    ),
    row('four parts', `${token}.AA`, 'The text does not have the three parts of a JWT', '4 parts'),
    row(
      'the response object',
      { access_token: token },
      'The token is not a string',
      'access_token',
    ),
    row('a promise', Promise.resolve(token), 'The token is not a string', 'await'),
    row('a buffer', Buffer.from(token), 'The token is not a string', 'object'),
    {
      ...{ name: 'a long token', code: 'ERR_TOKEN_TOO_LARGE', advice: 'maxTokenBytes' },
      cause: 'The token is longer than the verifier accepts',
      broken: { trusted: trustPool(), options: { maxTokenBytes: 512 }, token },
      cured: { trusted: trustPool(), options: { maxTokenBytes: 8_192 }, token },
    },
  ]
}

function encode(header: object): string {
  return Buffer.from(JSON.stringify(header)).toString('base64url')
}
