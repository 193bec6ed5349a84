/**
 * Twins: verifiers with the same random set-up, the same history, and endpoints and clocks that change in the same way.
 */
import fc from 'fast-check'
import {
  type AccessRule,
  createVerifier,
  type Trusted,
  type TrustedIssuer,
  type VerifiedToken,
  type Verifier,
} from 'jwt-gate'
import { createTestIssuer, type TestKey } from 'jwt-gate/testing'
import { createClock } from '../verify/support/clock.ts'
import { ENDPOINTS, KEY_SETS, RULES, TOKENS } from './cache-world.ts'
import { anyToken, changed, corrupted, recombined } from './inputs.ts'

const START = createClock().seconds()
const keys = KEY_SETS[0] as TestKey['jwk'][]
const issuer = await createTestIssuer({ algorithms: ['ES256'] })
/** The issuer of the tokens of the other world. */
const ISS = issuer.issuer
const CLAIMS = {
  ...{ iss: ISS, aud: ['api'], sub: 'alice', client_id: 'app', token_use: 'access', jti: '1' },
  ...{ exp: START + 300, nbf: START - 5, iat: START, scope: 'a b', groups: ['x'] },
}

export const RULED: readonly (AccessRule | undefined)[] = [
  undefined,
  { scopes: ['a'] },
  { scopes: ['c'], groups: ['y'] },
  { claims: { sub: 'bob' } },
  { acr: ['mfa'], maxAuthAgeSeconds: 5 },
  { check: () => true },
  { check: () => false },
]

/** Mostly the first value: with every condition, hardly any token would be accepted. */
const rarely = <T>(usual: T, ...others: T[]): fc.Arbitrary<T> =>
  fc.oneof(
    { weight: 8, arbitrary: fc.constant(usual) },
    { weight: 2, arbitrary: fc.constantFrom(...others) },
  )

/** How an issuer is trusted. */
const trusted: fc.Arbitrary<Omit<TrustedIssuer, 'issuer'>> = fc.record({
  audience: rarely<TrustedIssuer['audience']>(null, 'api', ['other', 'api'], 'api/'),
  clientId: rarely<TrustedIssuer['clientId']>(undefined, 'app', ['other']),
  tokenUse: rarely<TrustedIssuer['tokenUse']>(undefined, 'access', 'id'),
  tokenType: rarely<TrustedIssuer['tokenType']>(undefined, 'at+jwt', 'JWT', null),
  requiredClaims: rarely<TrustedIssuer['requiredClaims']>(undefined, ['sub', 'tenant']),
  maxTokenAgeSeconds: rarely<number | undefined>(undefined, 60),
  algorithms: rarely<TrustedIssuer['algorithms']>(undefined, ['RS256'], ['ES256']),
})

/** Where its keys are, and how it is found. */
const kind = rarely('listed', 'other', 'given', 'found', 'later', 'broken', 'none')

export type Config = typeof configs extends fc.Arbitrary<infer One> ? One : never
export const configs = fc.record({
  trusted,
  kind,
  isRuled: fc.boolean(),
  hasSchema: fc.boolean(),
  maxTokenBytes: rarely<number | undefined>(undefined, 400),
})

/** A token is made when it is used, because a run may never come so far. */
export type MakeToken = () => unknown

const signed: fc.Arbitrary<MakeToken> = fc
  .tuple(
    corrupted({ claims: CLAIMS, header: { typ: 'at+jwt', kid: 'k' } }),
    fc.boolean(),
    fc.nat(2),
  )
  .map(([given, isNamed, index]) => {
    const { claims = {}, header } = Object(given) as { claims?: unknown; header?: unknown }
    const key = issuer.keys[index] as TestKey
    const named = { ...Object(header), ...(isNamed && { kid: key.kid }) }
    return () => issuer.token(JSON.stringify(claims), { header: named, key })
  })

const GOOD = await Promise.all([
  ...issuer.keys.map((key) => issuer.token(CLAIMS, { key })),
  ...issuer.keys.map((key) => issuer.token({ ...CLAIMS, exp: START + 10 }, { key })),
])

/** Anything that may be given to `explain`. */
const texts: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(...GOOD, ...TOKENS) },
  { weight: 2, arbitrary: changed(GOOD) },
  { weight: 1, arbitrary: recombined(GOOD) },
  { weight: 1, arbitrary: anyToken },
  { weight: 1, arbitrary: fc.anything() },
)

export const tokens: fc.Arbitrary<MakeToken> = fc.oneof(
  { weight: 2, arbitrary: texts.map((text) => () => text) },
  { weight: 1, arbitrary: signed },
)

export type Step =
  | { readonly verify: MakeToken }
  | { readonly wait: number }
  | { readonly endpoint: number }
  | { readonly rule: number }

export const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    { weight: 5, arbitrary: fc.record({ verify: tokens }) },
    {
      weight: 3,
      arbitrary: fc.record({ wait: fc.constantFrom(-100, 1, 2, 30, 61, 400, 1_300, 8_000) }),
    },
    { weight: 2, arbitrary: fc.record({ endpoint: fc.nat(ENDPOINTS.length - 1) }) },
    { weight: 1, arbitrary: fc.record({ rule: fc.nat(RULES.length - 1) }) },
  ),
  { maxLength: 8 },
)

/** A verifier of this set-up, after these steps. */
export async function createTwin(
  config: Config,
  script: readonly Step[],
): Promise<Verifier<unknown>> {
  const clock = createClock()
  const state = { endpoint: 0, rule: 0 }
  const all = [...keys, ...issuer.jwks.keys]
  const schema = { version: 1, vendor: 'test', validate: (value: unknown) => ({ value }) } as const
  const one: TrustedIssuer = {
    ...config.trusted,
    issuer: config.kind === 'other' ? `${ISS}/` : ISS,
    ...(config.kind === 'given' ? { jwks: { keys: all } } : { jwksUri: issuer.jwksUri }),
    ...(config.hasSchema && { claims: { '~standard': schema } }),
  }
  const verifier = createVerifier(toTrusted(config.kind, one), {
    now: clock.now,
    maxTokenBytes: config.maxTokenBytes,
    fetch: async () => ENDPOINTS[state.endpoint]?.(all) as Response,
    ...(config.isRuled && {
      check: (verified: VerifiedToken<unknown>) =>
        RULES[state.rule]?.(verified as VerifiedToken) as undefined,
    }),
  })
  for (const step of script) {
    if ('wait' in step) clock.advance(step.wait * 1_000)
    else if ('verify' in step)
      await verifier.verify((await step.verify()) as string).catch(() => undefined)
    else Object.assign(state, step)
    await verifier.settled()
  }
  return verifier
}

function toTrusted(kind: Config['kind'], one: TrustedIssuer): Trusted {
  switch (kind) {
    case 'found':
      return () => one
    case 'later':
      return async () => one
    case 'none':
      return () => undefined
    case 'broken':
      return () => {
        throw new Error('down')
      }
    default:
      return one
  }
}
