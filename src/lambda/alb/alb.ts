/**
 * Verifies `x-amzn-oidc-data`, with which an Application Load Balancer tells its targets who has signed in.
 */
import { isPromise } from '../../verify/adapter-kit.ts'
import {
  type JwtClaims,
  KeysError,
  TokenError,
  type VerifiedToken,
  type Verifier,
} from '../../verify/index.ts'
import {
  applyCheck,
  applySchema,
  atOnce,
  checkClaims,
  checkTimes,
  emptyRule,
  freezeClaims,
  freezeJson,
  isSignedBy,
  SignaturePool,
  toVerifiedToken,
  type VerifierSettings,
} from '../../verify/token-kit.ts'
import { type AlbCandidate, createAlbParser } from './alb-candidate.ts'
import { AlbKeys } from './alb-keys.ts'
import {
  type AlbOptions,
  type AlbSettings,
  type AlbVerifierOptions,
  readAlbOptions,
} from './alb-options.ts'

/** The claims of `x-amzn-oidc-data`: what the user info endpoint of the issuer returned, with `iss` and `exp` of the header. */
export interface AlbClaims extends JwtClaims {
  readonly email?: string
  /** Of a user pool. */
  readonly username?: string
}

/** The verifier for a load balancer. `verifyEvent` reads its header by itself. */
export interface AlbVerifier<Claims = AlbClaims> extends Verifier<Claims> {
  /** The header with the token. */
  readonly tokenHeader: 'x-amzn-oidc-data'
}

/**
 * Creates a verifier for `x-amzn-oidc-data`, the token of an Application Load Balancer whose listener authenticates users.
 *
 * The token must be signed with ES256 by this load balancer (`signer`), for this client and issuer, and must not have expired.
 * Its keys are fetched from AWS, one for each key ID; made-up key IDs cost ten requests, and then one a second. Its base64url has
 * padding, as the load balancer writes it; tokens without it are rejected.
 *
 * Security: verify this header even though the load balancer sets it. Whatever can reach the target in another way can send it.
 * `x-amzn-oidc-identity` is not signed.
 *
 * @example
 * ```ts
 * const user = alb({
 *   loadBalancerArn: 'arn:aws:elasticloadbalancing:eu-west-1:123456789012:loadbalancer/app/web/0123456789abcdef',
 *   clientId: '1example23456789',
 *   issuer: 'https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_Example',
 * })
 * const { claims } = await verifyEvent(user, event)
 * ```
 * @param trusted - the load balancer, the client and the issuer; `claims` types what the verifier returns
 * @param options - the options of `createVerifier` that have a meaning here. Of `jwks`: `agent`, `maxStaleMs` and `timeoutMs`
 * @returns a verifier. `hydrate()` loads nothing, because the key ID is not known before the first token
 * @throws {@link ConfigError} that names the invalid option
 */
export function alb<Claims = AlbClaims>(
  trusted: AlbOptions<Claims>,
  options: AlbVerifierOptions<NoInfer<Claims>> = {},
): AlbVerifier<Claims> {
  const settings = readAlbOptions(trusted, options)
  const { issuer, verifier } = settings
  const keys = new AlbKeys(verifier)
  const pool = new SignaturePool(verifier.threadPoolSize)
  const parse = createAlbParser(settings)
  return {
    tokenHeader: 'x-amzn-oidc-data',
    async verify(token) {
      const candidate = parse(token)
      const key = await keys.get(candidate.keyUrl)
      assertSigned(await pool.isSignedBy(key, candidate.signed, issuer))
      const verified = await toVerified<Claims>(candidate, settings)
      await check(verified, verifier)
      return verified
    },
    verifySync(token) {
      const candidate = parse(token)
      const key = keys.peek(candidate.keyUrl)
      if (key === undefined) throw new KeysError('ERR_JWKS_NOT_LOADED')
      assertSigned(isSignedBy(key, candidate.signed))
      const verified = atOnce('claims', toVerified<Claims>(candidate, settings))
      atOnce('check', check(verified, verifier))
      return verified
    },
    hydrate: async () => undefined,
    settled: () => keys.settled(),
    close: () => keys.close(),
  }
}

function assertSigned(isSigned: boolean): void {
  if (!isSigned) throw new TokenError('ERR_TOKEN_SIGNATURE')
}

/** The header's `exp` is always checked, and that of the claims, if they have one. */
function toVerified<Claims>(
  { header, payload }: AlbCandidate,
  { verifier, schema }: AlbSettings,
): VerifiedToken<Claims> | Promise<VerifiedToken<Claims>> {
  const { now, clock } = verifier
  const { iss, exp } = header
  // the signer, the client and the issuer are in the header
  const rule = emptyRule(verifier)
  const seconds = now() / 1_000
  checkTimes({ exp }, rule, seconds)
  const claimsSet = freezeJson({ iss, exp, ...payload })
  checkClaims(claimsSet, rule, seconds)
  const complete = (claims: unknown): VerifiedToken<Claims> => {
    freezeClaims(claims)
    const all = [freezeJson(header), claimsSet, String(iss), claims, undefined, clock] as const
    return toVerifiedToken(...all) as VerifiedToken<Claims>
  }
  const claims = schema ? applySchema(schema, claimsSet) : claimsSet
  return isPromise(claims) ? claims.then(complete) : complete(claims)
}

function check(
  verified: VerifiedToken<unknown>,
  { check: rule }: VerifierSettings,
): void | Promise<void> {
  return rule && applyCheck(rule, verified)
}
