/**
 * A token with two faults gets the error of the step that the contract names first, from verify and verifySync.
 */
import { AccessError, createVerifier, type StandardSchemaV1 } from 'jwt-gate'
import { createTestIssuer } from 'jwt-gate/testing'
import { expect, test } from 'vitest'
import { createClock } from './support/clock.ts'
import { split } from './support/raw-token.ts'

const clock = createClock()
const now = clock.seconds()
const issuer = await createTestIssuer({ now: clock.now })

const schema: StandardSchemaV1<unknown, { readonly banned?: unknown }> = {
  '~standard': {
    version: 1,
    vendor: 'test',
    validate: (value) =>
      'wrongShape' in (value as object)
        ? { issues: [{ message: '' }] }
        : { value: value as object },
  },
}
const verifier = createVerifier(
  {
    issuer: issuer.issuer,
    audience: 'api',
    clientId: 'app',
    tokenUse: 'access',
    tokenType: 'at+jwt',
    algorithms: ['RS256'],
    // in place of those of the profile
    requiredClaims: ['jti', 'tenant'],
    maxTokenAgeSeconds: 600,
    claims: schema,
    jwks: issuer.jwks,
  },
  {
    now: clock.now,
    check: ({ claims }) => {
      if (claims.banned) throw new AccessError('ERR_ACCESS_DENIED')
    },
  },
)

interface Draft {
  header: Record<string, unknown>
  claims: Record<string, unknown>
  /** The changes to the signed token. */
  change: (token: string) => string
}

const createDraft = (): Draft => ({
  header: { typ: 'at+jwt' },
  claims: {
    iss: issuer.issuer,
    exp: now + 60,
    nbf: now - 60,
    iat: now - 60,
    aud: 'api',
    client_id: 'app',
    token_use: 'access',
    sub: 'alice',
    jti: '1',
    tenant: 'acme',
  },
  change: (token) => token,
})

/** One fault, found in step `at`: a number, or a range if the contract leaves the order open. */
interface Fault {
  readonly name: string
  readonly at: number | readonly [from: number, to: number]
  readonly error: { readonly code: string; readonly claim?: string; readonly reason?: string }
  readonly put: (draft: Draft) => void
}

const inHeader =
  (name: string, value: unknown): Fault['put'] =>
  ({ header }) => {
    header[name] = value
  }
const inClaims =
  (name: string, value: unknown): Fault['put'] =>
  ({ claims }) => {
    claims[name] = value
  }
const inText =
  (change: (token: string) => string): Fault['put'] =>
  (draft) => {
    const before = draft.change
    draft.change = (token) => change(before(token))
  }

/** The same signature with a different first character. */
function breakSignature(token: string): string {
  const [header, payload, signature] = split(token)
  return `${header}.${payload}.${signature.startsWith('A') ? 'B' : 'A'}${signature.slice(1)}`
}

function fault(at: Fault['at'], name: string, error: string, put: Fault['put']): Fault {
  const [code = '', claim, reason] = error.split(' ')
  return { at, name, put, error: { code, ...(claim && { claim }), ...(reason && { reason }) } }
}

const FAULTS: readonly Fault[] = [
  fault(10, 'size', 'ERR_TOKEN_TOO_LARGE', inClaims('padding', 'x'.repeat(16_384))),
  fault(
    11,
    'form',
    'ERR_TOKEN_MALFORMED',
    inText((token) => `${token}=`),
  ),
  fault(20, 'alg', 'ERR_TOKEN_ALGORITHM alg', inHeader('alg', 'RS384')),
  fault(21, 'typ', 'ERR_TOKEN_TYPE typ', inHeader('typ', 'JWT')),
  fault(22, 'crit', 'ERR_TOKEN_UNSUPPORTED crit', inHeader('crit', ['x'])),
  fault(22, 'zip', 'ERR_TOKEN_UNSUPPORTED zip', inHeader('zip', 'DEF')),
  fault(30, 'iss', 'ERR_CLAIM_ISSUER iss', inClaims('iss', 'https://evil.example')),
  fault(40, 'kid', 'ERR_KEY_NOT_FOUND kid', inHeader('kid', 'other')),
  fault(50, 'signature', 'ERR_TOKEN_SIGNATURE', inText(breakSignature)),
  fault(60, 'no exp', 'ERR_CLAIM_MISSING exp', inClaims('exp', undefined)),
  fault(60, 'type of exp', 'ERR_CLAIM_INVALID exp', inClaims('exp', 'x')),
  fault(60, 'exp', 'ERR_TOKEN_EXPIRED exp', inClaims('exp', now - 60)),
  fault(61, 'type of nbf', 'ERR_CLAIM_INVALID nbf', inClaims('nbf', 'x')),
  fault(61, 'nbf', 'ERR_TOKEN_NOT_ACTIVE nbf', inClaims('nbf', now + 60)),
  fault(62, 'type of iat', 'ERR_CLAIM_INVALID iat', inClaims('iat', 'x')),
  fault(63, 'aud', 'ERR_CLAIM_AUDIENCE aud', inClaims('aud', 'other')),
  fault(63, 'type of aud', 'ERR_CLAIM_AUDIENCE aud invalid', inClaims('aud', [1])),
  fault(64, 'client_id', 'ERR_CLAIM_CLIENT_ID client_id', inClaims('client_id', 'other')),
  fault(65, 'token_use', 'ERR_CLAIM_TOKEN_USE token_use', inClaims('token_use', 'id')),
  fault(66, 'jti', 'ERR_CLAIM_MISSING jti', inClaims('jti', undefined)),
  fault(67, 'requiredClaims', 'ERR_CLAIM_MISSING tenant', inClaims('tenant', undefined)),
  fault(68, 'age', 'ERR_TOKEN_TOO_OLD iat', inClaims('iat', now - 6_000)),
  fault([60, 68], 'empty jti', 'ERR_CLAIM_INVALID jti', inClaims('jti', '')),
  fault([60, 68], 'cnf', 'ERR_TOKEN_UNSUPPORTED cnf', inClaims('cnf', {})),
  fault(70, 'schema', 'ERR_TOKEN_CHECK', inClaims('wrongShape', true)),
  fault(71, 'check', 'ERR_ACCESS_DENIED', inClaims('banned', true)),
]

const isBefore = (one: Fault, other: Fault): boolean =>
  Math.max(...[one.at].flat()) < Math.min(...[other.at].flat())
const PAIRS = FAULTS.flatMap((first) =>
  FAULTS.filter((second) => isBefore(first, second)).map((second) => ({ first, second })),
)

/** A token with these faults. If two affect the same place, the first one is kept. */
async function mint(...faults: readonly Fault[]): Promise<string> {
  const draft = createDraft()
  for (const { put } of faults.toReversed()) put(draft)
  return draft.change(await issuer.token(draft.claims, { header: draft.header }))
}

test('a token without faults is accepted', async () => {
  await expect(verifier.verify(await mint())).resolves.toBeDefined()
})

test.each(FAULTS)('a single fault, $name, gets its own error', async (only) => {
  await expect(verifier.verify(await mint(only))).rejects.toMatchObject(only.error)
})

test.each(PAIRS)('$first.name is reported before $second.name', async ({ first, second }) => {
  const token = await mint(first, second)

  await expect(verifier.verify(token)).rejects.toMatchObject(first.error)
  expect(() => verifier.verifySync(token)).toThrow(expect.objectContaining(first.error))
})

test('with several issuers, the typ is checked only after the issuer is known', async () => {
  const { jwks } = issuer
  const several = createVerifier([
    { issuer: issuer.issuer, audience: null, jwks, tokenType: 'at+jwt' },
    { issuer: 'https://b.example', audience: null, jwks, tokenType: 'JWT' },
  ])
  const claims = { iss: 'https://c.example', exp: now + 60 }

  const work = several.verify(await issuer.token(claims, { header: { typ: 'JWT' } }))

  await expect(work).rejects.toMatchObject({ code: 'ERR_CLAIM_ISSUER' })
})
