/**
 * The header is not as the configuration wants it.
 */
import type { JwtGateErrorCode } from 'jwt-gate'
import type { Attempt, SetUp, World } from './world.ts'

export async function createHeaderSetUps({ pool, trust, token }: World): Promise<SetUp[]> {
  const good: Attempt = { trusted: trust(), token: await token() }
  const row = (
    [name, code]: readonly [string, JwtGateErrorCode],
    [cause, advice]: readonly [string, string],
    broken: Attempt,
    cured = good,
  ): SetUp => ({ name, code, cause, advice, broken, cured })
  const sent = (header: object, claims = {}): Promise<string> =>
    token(claims, { header: { ...header } })
  const es256 = await token({}, { key: pool.keyFor('ES256') })
  const marked = await sent({ typ: 'at+jwt' }, { client_id: 'app', jti: '1' })
  return [
    row(['alg none', 'ERR_TOKEN_ALGORITHM'], ['The token is not signed', 'none'], {
      ...{ trusted: trust(), token: await token({}, { header: { alg: 'none' }, sign: () => '' }) },
    }),
    row(
      ['a shared secret', 'ERR_TOKEN_ALGORITHM'],
      ['The token is signed with a shared secret', 'RS256'],
      { trusted: trust(), token: await sent({ alg: 'HS256' }) },
    ),
    row(
      ['an algorithm that is not allowed', 'ERR_TOKEN_ALGORITHM'],
      ['The algorithm is not in the list of allowed algorithms', '"ES256"'],
      { trusted: trust({ algorithms: ['RS256'] }), token: es256 },
      { trusted: trust({ algorithms: ['RS256', 'ES256'] }), token: es256 },
    ),
    row(['no algorithm', 'ERR_TOKEN_ALGORITHM'], ['The header names no algorithm', '"alg"'], {
      trusted: trust(),
      token: await sent({ alg: undefined }),
    }),
    row(
      ['the issuer does not mark access tokens', 'ERR_TOKEN_TYPE'],
      ['The issuer does not mark its access tokens as at+jwt', 'leave "tokenType" out'],
      { trusted: trust({ tokenType: 'at+jwt' }), token: await sent({ typ: 'JWT' }) },
      { trusted: trust(), token: await sent({ typ: 'JWT' }) },
    ),
    row(
      ['an ID token where at+jwt is wanted', 'ERR_TOKEN_TYPE'],
      ['An ID token was sent where an access token is wanted', 'nonce'],
      {
        trusted: trust({ tokenType: 'at+jwt' }),
        token: await sent({ typ: 'JWT' }, { nonce: 'n' }),
      },
      { trusted: trust({ tokenType: 'at+jwt' }), token: marked },
    ),
    row(
      ['an access token where JWT is wanted', 'ERR_TOKEN_TYPE'],
      ['An access token was sent where another kind is wanted', 'leave "tokenType" out'],
      { trusted: trust({ tokenType: 'JWT' }), token: marked },
      { trusted: trust(), token: marked },
    ),
    row(['a logout token', 'ERR_TOKEN_TYPE'], ['A JWT of another kind was sent', 'logout token'], {
      trusted: trust(),
      token: await sent({ typ: 'logout+jwt' }),
    }),
    row(
      ['a DPoP proof in place of the token', 'ERR_TOKEN_TYPE'],
      ['A JWT of another kind was sent', 'DPoP header'],
      { trusted: trust(), token: await sent({ typ: 'dpop+jwt' }) },
    ),
    row(
      ['a typ of the issuer', 'ERR_TOKEN_TYPE'],
      ['The type of the token (typ) is not the expected one', '"JOSE"'],
      { trusted: trust(), token: await sent({ typ: 'JOSE' }) },
      { trusted: trust({ tokenType: 'JOSE' }), token: await sent({ typ: 'JOSE' }) },
    ),
    row(
      ['a critical extension', 'ERR_TOKEN_UNSUPPORTED'],
      ['The token uses a feature that is never supported', '"crit"'],
      { trusted: trust(), token: await sent({ crit: ['exp'] }) },
    ),
    row(
      ['a kid that is a number', 'ERR_TOKEN_MALFORMED'],
      ['The key ID (kid) in the header is no text', 'in quotes'],
      { trusted: trust(), token: await sent({ kid: 7 }) },
    ),
    row(
      ['a bound token', 'ERR_TOKEN_UNSUPPORTED'],
      ['The token is bound to a key of its client (DPoP or mutual TLS)', '"cnf"'],
      { trusted: trust(), token: await token({ cnf: { jkt: 'x' } }) },
    ),
  ]
}
