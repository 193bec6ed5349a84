/**
 * The authorization code grant with PKCE (RFC 6749 s4.1, RFC 7636), for the sample users of the embedded issuer. A real user pool
 * has the same two endpoints at its domain.
 */
import { createHash } from 'node:crypto'
import type { TestIssuer } from 'jwt-gate/testing'
import { OneTime } from './one-time.ts'
import { findUser, type SampleUser } from './sample.ts'

/** A request to sign in, checked. */
export interface AuthorizationRequest {
  readonly redirectUri: string
  readonly state: string
  readonly challenge: string
}

export interface IssuedTokens {
  readonly access_token: string
  readonly id_token: string
  readonly refresh_token: string
  readonly token_type: 'Bearer'
  readonly expires_in: number
}

interface Settings {
  readonly issuer: TestIssuer
  readonly now: () => number
  /** The only redirect URI of the only client, compared exactly (RFC 9700 s2.1). */
  readonly redirectUri: () => string
}

interface Grant extends AuthorizationRequest {
  readonly user: SampleUser
}

const MINUTE = 60_000
const ONE_HOUR = 3_600
// RFC 7636 s4.1, s4.2: the verifier, and the SHA-256 of it in base64url
const VERIFIER = /^[\w.~-]{43,128}$/
const CHALLENGE = /^[\w-]{43}$/
const STATE = /^[\w-]{1,128}$/
/** RFC 7638: the SHA-256 of a public key. */
const THUMBPRINT = /^[\w-]{43}$/

export class Authorization {
  readonly #settings: Settings
  readonly #codes: OneTime<Grant>
  readonly #refreshTokens: OneTime<SampleUser>
  readonly #withoutGroups = new Set<string>()

  constructor(settings: Settings) {
    this.#settings = settings
    // real time: the demo's clock jumps
    this.#codes = new OneTime(MINUTE, Date.now)
    this.#refreshTokens = new OneTime(24 * 60 * MINUTE, Date.now)
  }

  /** Checks the parameters of a request to sign in. Returns the name of the first that is wrong. */
  readRequest(form: URLSearchParams): AuthorizationRequest | string {
    const { issuer } = this.#settings
    const redirectUri = this.#settings.redirectUri()
    const state = form.get('state') ?? ''
    const challenge = form.get('code_challenge') ?? ''
    if (form.get('client_id') !== issuer.clientId) return 'client_id'
    if (form.get('redirect_uri') !== redirectUri) return 'redirect_uri'
    if (form.get('response_type') !== 'code') return 'response_type'
    if (form.get('code_challenge_method') !== 'S256') return 'code_challenge_method'
    if (!CHALLENGE.test(challenge)) return 'code_challenge'
    if (!STATE.test(state)) return 'state'
    return { redirectUri, state, challenge }
  }

  /** Signs a user in. Returns where the browser goes next, with the code and the issuer (RFC 9207). */
  signIn(request: AuthorizationRequest, username: string | null): string | undefined {
    const user = findUser(username)
    if (user === undefined) return undefined
    const url = new URL(request.redirectUri)
    url.searchParams.set('code', this.#codes.put({ ...request, user }))
    url.searchParams.set('state', request.state)
    url.searchParams.set('iss', this.#settings.issuer.issuer)
    return url.href
  }

  /** The token endpoint. Returns the tokens, or an error code of RFC 6749 s5.2. */
  async exchange(form: URLSearchParams): Promise<IssuedTokens | string> {
    if (form.get('client_id') !== this.#settings.issuer.clientId) return 'invalid_client'
    const grant = form.get('grant_type')
    if (grant === 'authorization_code') return this.#exchangeCode(form)
    if (grant !== 'refresh_token') return 'unsupported_grant_type'
    const user = this.#refreshTokens.take(form.get('refresh_token'))
    if (user === undefined) return 'invalid_grant'
    // in place of a proof of the key, by which a real issuer binds a token (RFC 9449 s5)
    const thumbprint = form.get('dpop_jkt') ?? undefined
    const isGood = thumbprint === undefined || THUMBPRINT.test(thumbprint)
    return isGood ? this.issue(user, thumbprint) : 'invalid_request'
  }

  /** The tokens of a user, with one hour to live. @param thumbprint - of the key that the access token is bound to */
  async issue(user: SampleUser, thumbprint?: string): Promise<IssuedTokens> {
    const claims = this.#toClaims(user)
    const { issuer } = this.#settings
    return {
      access_token: await issuer.accessToken({
        ...claims,
        scope: user.scope,
        username: user.username,
        ...(thumbprint !== undefined && { cnf: { jkt: thumbprint } }),
      }),
      id_token: await issuer.idToken({
        ...claims,
        'cognito:username': user.username,
        email: `${user.username}@example.com`,
      }),
      refresh_token: this.#refreshTokens.put(user),
      token_type: 'Bearer',
      expires_in: ONE_HOUR,
    }
  }

  /** From now on, new tokens of this user have no groups. */
  dropGroups(username: string): void {
    this.#withoutGroups.add(username)
  }

  restoreGroups(): void {
    this.#withoutGroups.clear()
  }

  #exchangeCode(form: URLSearchParams): Promise<IssuedTokens> | string {
    const grant = this.#codes.take(form.get('code'))
    if (grant === undefined || form.get('redirect_uri') !== grant.redirectUri)
      return 'invalid_grant'
    const verifier = form.get('code_verifier') ?? ''
    const digest = createHash('sha256').update(verifier).digest('base64url')
    if (!VERIFIER.test(verifier) || digest !== grant.challenge) return 'invalid_grant'
    return this.issue(grant.user)
  }

  #toClaims({ sub, username, groups }: SampleUser): Record<string, unknown> {
    const current = this.#withoutGroups.has(username) ? [] : groups
    const nowSeconds = Math.floor(this.#settings.now() / 1_000)
    // a user without groups has no such claim
    return { sub, ...(current.length > 0 && { 'cognito:groups': current }), nbf: nowSeconds }
  }
}
