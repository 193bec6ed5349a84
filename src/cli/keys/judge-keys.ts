/**
 * Judges the keys of a set with a verifier: what it says is what a verifier does.
 */
import { createPublicKey, generateKeyPairSync } from 'node:crypto'
import {
  type Algorithm,
  createVerifier,
  type UnusableKeyReason,
  type VerifierEvent,
} from '../../verify/index.ts'
import type { Io } from '../io.ts'
import { nameOptions } from '../setup/name-options.ts'

/** A key, and why it is not used. */
export interface JudgedKey {
  readonly kid?: string | undefined
  /** Its type, curve and algorithm, as the key says it. */
  readonly type: string
  /** Why it is not used; `undefined` if it is. */
  readonly reason?: string | undefined
  /** The key, if it is used. Others may be private. */
  readonly jwk?: unknown
}

/** What the reasons of a verifier mean. */
const REASONS: Readonly<Record<UnusableKeyReason, string>> = {
  not_an_object: 'it is no key',
  kty: 'its type (kty) is not supported, or it is symmetric',
  crv: 'its curve (crv) is not supported',
  private: 'it is PRIVATE, and was published: replace it at once',
  use: 'it is not for signatures (use)',
  key_ops: 'it is not for verification (key_ops)',
  alg: 'its algorithm (alg) is not accepted, or not supported by this version of Node',
  malformed: 'a member is missing or broken',
  too_short: 'RSA keys need 2048 bits',
  too_long: 'RSA keys may have 8192 bits',
  exponent: 'its exponent (e) is unsafe: it must be 65537 or a larger odd number',
  small_order: 'it is of small order: anybody can sign for it',
}

/** Nothing is sent there. */
const TRUSTED = {
  issuer: 'https://keys.invalid',
  audience: null,
  jwksUri: 'https://keys.invalid/jwks.json',
}
const MAX_BYTES = 16_777_216

/**
 * @param keys - JWKs, or keys in PEM
 * @throws {@link UsageError} if `algorithms` has a name that is not supported
 */
export async function judgeKeys(
  keys: readonly unknown[],
  algorithms: readonly Algorithm[] | undefined,
  io: Io,
): Promise<readonly JudgedKey[]> {
  nameOptions(() => createVerifier({ ...TRUSTED, algorithms }))
  const companion = await createCompanion(algorithms?.[0])
  const judged: JudgedKey[] = []
  // one after the other: to import a key takes a part of a millisecond
  for (const key of keys) {
    const jwk = typeof key === 'string' ? toJwk(key) : key
    const reason = await findReason(jwk, { algorithms, companion, io })
    judged.push({ ...describeKey(jwk), ...(reason ? { reason: REASONS[reason] } : { jwk }) })
  }
  return judged
}

/** A key that is surely usable. A set without any is an error that lists no reasons. */
async function createCompanion(alg: Algorithm | undefined): Promise<unknown> {
  if (alg === undefined) {
    const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    return publicKey.export({ format: 'jwk' })
  }
  const { createTestIssuer } = await import('../../testing/index.ts')
  const { keyFor } = await createTestIssuer({ algorithms: [alg] })
  return keyFor(alg).jwk
}

interface Judge {
  readonly algorithms: readonly Algorithm[] | undefined
  readonly companion: unknown
  readonly io: Io
}

/** Why a verifier that fetches a set with this key would not use it; `undefined` if it would. */
async function findReason(
  jwk: unknown,
  { algorithms, companion, io }: Judge,
): Promise<UnusableKeyReason | undefined> {
  const events: VerifierEvent[] = []
  const body = JSON.stringify({ keys: [jwk, companion] })
  const verifier = createVerifier(
    { ...TRUSTED, algorithms },
    {
      now: io.now,
      fetch: async () => new Response(body),
      jwks: { maxBytes: MAX_BYTES },
      onEvent: (event) => events.push(event),
    },
  )
  await verifier.hydrate()
  const [fetched] = events
  return fetched?.type === 'jwks.fetched' ? fetched.unusableKeys[0]?.reason : 'not_an_object'
}

/** Nothing is shown of a private key. */
function describeKey(jwk: unknown): Pick<JudgedKey, 'kid' | 'type'> {
  const { kid, kty, crv, alg } = Object(jwk) as Record<string, unknown>
  const type = [kty, crv, alg].filter((one) => typeof one === 'string').join(' ')
  return { ...(typeof kid === 'string' && { kid }), type }
}

/** A key or a certificate in PEM. A private key stays text, which is no key. */
function toJwk(pem: string): unknown {
  try {
    if (/PRIVATE/.test(pem)) return pem
    return createPublicKey(pem).export({ format: 'jwk' })
  } catch {
    // not PEM, or of another kind
  }
  return pem
}
