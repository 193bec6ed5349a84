/**
 * A claim is absent, of the wrong type, or has another value than the configured one.
 */
import type { JwtGateErrorCode } from 'jwt-gate'
import { type Attempt, AUDIENCE, ISSUER, type SetUp, type World } from './world.ts'

export async function createClaimSetUps(world: World): Promise<SetUp[]> {
  const { pool, trust, token, trustPool } = world
  const { clientId } = pool
  const [access, id] = [await pool.accessToken(), await pool.idToken()]
  const row = (
    [name, code]: readonly [string, JwtGateErrorCode],
    [cause, advice]: readonly [string, string | RegExp],
    broken: Attempt,
    cured: Attempt,
  ): SetUp => ({ name, code, cause, advice, broken, cured })
  const good: Attempt = { trusted: trust(), token: await token() }
  const asAccess = (sent: string): Attempt => ({ trusted: trustPool(), token: sent })
  const asId = (sent: string): Attempt => ({ trusted: trustPool({ tokenUse: 'id' }), token: sent })
  const other = await pool.accessToken({ client_id: 'other-client' })
  const slash = await token({ aud: `${AUDIENCE}/` })
  const noAud = await token({ aud: undefined, client_id: 'app' })
  const okta = await token({ cid: 'app' })
  const profile = await token({}, { header: { typ: 'at+jwt' } })
  const keycloak = await token({ aud: 'account', azp: 'app' })
  const tenant = await token()
  return [
    row(
      ['an ID token for an access token', 'ERR_CLAIM_TOKEN_USE'],
      ['An ID token was sent where an access token is wanted', 'access_token'],
      asAccess(id),
      asAccess(access),
    ),
    row(
      ['an access token for an ID token', 'ERR_CLAIM_TOKEN_USE'],
      ['An access token was sent where an ID token is wanted', '"tokenUse" to "access"'],
      asId(access),
      asAccess(access),
    ),
    row(
      ['an ID token of another issuer', 'ERR_CLAIM_AUDIENCE'],
      ['An ID token was sent where an access token is wanted', 'nonce'],
      { trusted: trust(), token: await token({ aud: 'app', nonce: 'n' }) },
      good,
    ),
    row(
      ['an ID token of Keycloak', 'ERR_CLAIM_AUDIENCE'],
      ['An ID token was sent where an access token is wanted', '(its claim typ is "ID")'],
      { trusted: trust(), token: await token({ aud: 'app', typ: 'ID' }) },
      good,
    ),
    row(
      ['another client', 'ERR_CLAIM_CLIENT_ID'],
      ['The token was issued to another client', 'other-client'],
      asAccess(other),
      { trusted: trustPool({ clientId: [clientId, 'other-client'] }), token: other },
    ),
    row(
      ['an ID token of another client', 'ERR_CLAIM_AUDIENCE'],
      ['The token was issued to another client', 'other-client'],
      asId(await pool.idToken({ aud: 'other-client' })),
      asId(id),
    ),
    row(
      ['another audience', 'ERR_CLAIM_AUDIENCE'],
      ['The token is for another audience', 'https://billing.example.com'],
      { trusted: trust(), token: await token({ aud: 'https://billing.example.com' }) },
      good,
    ),
    row(
      ['a slash at the end of the audience', 'ERR_CLAIM_AUDIENCE'],
      ['Only a slash at the end of the audience differs', `${AUDIENCE}/`],
      { trusted: trust(), token: slash },
      { trusted: trust({ audience: `${AUDIENCE}/` }), token: slash },
    ),
    row(
      ['no audience', 'ERR_CLAIM_AUDIENCE'],
      ['The token has no audience', /^(?!.*Cognito).*set "clientId" to it and "audience" to null/i],
      { trusted: trust(), token: noAud },
      { trusted: trust({ audience: null, clientId: 'app' }), token: noAud },
    ),
    row(
      ['no audience of a user pool', 'ERR_CLAIM_AUDIENCE'],
      ['The token has no audience', 'use cognito()'],
      { trusted: trust({ issuer: pool.issuer }), token: access },
      asAccess(access),
    ),
    row(
      ['an audience that is a number', 'ERR_CLAIM_AUDIENCE'],
      ['The audience of the token is no text', '7'],
      { trusted: trust(), token: await token({ aud: 7 }) },
      good,
    ),
    row(
      ['Keycloak without an audience mapper', 'ERR_CLAIM_AUDIENCE'],
      ['The issuer does not put the API into the audience', 'audience mapper'],
      { trusted: trust(), token: keycloak },
      { trusted: trust(), token: await token({ aud: ['account', AUDIENCE], azp: 'app' }) },
    ),
    row(
      ['a token for Microsoft Graph of a trusted tenant', 'ERR_CLAIM_AUDIENCE'],
      ['The token is for Microsoft Graph', 'api://'],
      { trusted: trust(), token: await token({ aud: 'https://graph.microsoft.com/' }) },
      good,
    ),
    row(
      ['the client is in another claim', 'ERR_CLAIM_CLIENT_ID'],
      ['The client is in another claim', 'Set "clientIdClaim" to "cid"'],
      { trusted: trust({ clientId: 'app' }), token: okta },
      { trusted: trust({ clientId: 'app', clientIdClaim: 'cid' }), token: okta },
    ),
    row(
      ['no client', 'ERR_CLAIM_CLIENT_ID'],
      ['The token does not name its client', 'leave "clientId" out'],
      { trusted: trust({ clientId: 'app' }), token: tenant },
      { trusted: trust(), token: tenant },
    ),
    row(
      ['tokenUse for another issuer than Cognito', 'ERR_CLAIM_TOKEN_USE'],
      ['The token does not say of which kind it is', 'leave "tokenUse" out'],
      { trusted: trust({ tokenUse: 'access' }), token: tenant },
      { trusted: trust(), token: tenant },
    ),
    row(
      ['a required claim', 'ERR_CLAIM_MISSING'],
      ['The token lacks a required claim', '"tenant"'],
      { trusted: trust({ requiredClaims: ['tenant'] }), token: tenant },
      { trusted: trust({ requiredClaims: ['tenant'] }), token: await token({ tenant: 'a' }) },
    ),
    row(
      ['a claim of RFC 9068', 'ERR_CLAIM_MISSING'],
      ['The token lacks a claim that RFC 9068 requires', 'requiredClaims'],
      { trusted: trust({ tokenType: 'at+jwt' }), token: profile },
      { trusted: trust({ tokenType: 'at+jwt', requiredClaims: ['sub'] }), token: profile },
    ),
    row(
      ['a sub that is a number', 'ERR_CLAIM_INVALID'],
      ['A claim of the token has the wrong type', '42'],
      { trusted: trust(), token: await token({ sub: 42 }) },
      good,
    ),
    row(
      ['claims that are nested too deeply', 'ERR_TOKEN_MALFORMED'],
      ['The claims are nested too deeply, or have a member __proto__', 'leave such claims out'],
      {
        trusted: trust(),
        token: await pool.token(
          `{"iss":"${ISSUER}","aud":"${AUDIENCE}","exp":4000000000,"__proto__":{}}`,
        ),
      },
      good,
    ),
  ]
}
