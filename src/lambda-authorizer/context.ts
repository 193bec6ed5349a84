/**
 * The context of an answer: what API Gateway hands on to the integration. It answers 500 to the client for a context
 * that it does not take, so what does not fit is left out.
 */
import { claimsSetOf } from '../verify/adapter-kit.ts'
import type { VerifiedToken } from '../verify/index.ts'
import type { ContextReducedReason } from './authorizer-events.ts'
import type { AuthorizerGateway } from './authorizer-request.ts'
import type { AuthorizerContext } from './authorizer-result.ts'
import { isObject, toObject } from './unknown-object.ts'

/** Told of the names that were left out. */
export type OnReduced = (reason: ContextReducedReason, dropped: readonly string[]) => void

type Entry = readonly [name: string, value: unknown]

const FLAT_CLAIMS = ['sub', 'client_id', 'username', 'scope', 'token_use']
const RESERVED = ['principalId', 'integrationLatency', '__proto__']
/** The quota of WebSocket APIs for an authorizer's result. The other kinds publish none. */
const MAX_RESULT_BYTES = 8_192

/**
 * The context of a token where the user wants no other: a few claims on their own, for mapping templates and access
 * logs, and in `jwt` the claims as one JSON string, which comes through every kind of API unharmed.
 */
export function toDefaultContext(verified: VerifiedToken<unknown>): object {
  const claims = claimsSetOf(verified)
  const flat = FLAT_CLAIMS.map((name) => [name, claims[name]] as const)
  return {
    ...Object.fromEntries(flat.filter(([, value]) => typeof value === 'string')),
    jwt: toJson(verified.claims),
  }
}

/** What a schema made of the claims may be no JSON object: then it stays what it is, and has the wrong type. */
function toJson(claims: unknown): string | object {
  try {
    return isObject(claims) ? JSON.stringify(claims) : {}
  } catch {
    return {}
  }
}

/**
 * The context with what API Gateway takes.
 * @param values - what the user's function answered, or the default
 * @param result - the rest of the answer, which counts towards its size
 */
export function fitContext(
  values: unknown,
  { result, gateway }: { readonly result: object; readonly gateway: AuthorizerGateway },
  onReduced: OnReduced,
): AuthorizerContext {
  const drop = (reason: ContextReducedReason, dropped: readonly Entry[]): void => {
    if (dropped.length > 0)
      onReduced(
        reason,
        dropped.map(([name]) => name),
      )
  }
  if (!isPlain(values)) onReduced('type', [])
  const given = Object.entries(toObject(values)).filter(([, value]) => value !== undefined)
  const [reserved, free] = partition(given, ([name]) => isReserved(name, gateway))
  drop('reserved', reserved)
  const [scalars, others] = partition(free, ([, value]) => isScalar(value))
  drop('type', others)
  const tooLarge = findTooLarge(scalars, result)
  drop('size', [...tooLarge])
  return Object.fromEntries(scalars.filter((entry) => !tooLarge.has(entry))) as AuthorizerContext
}

/** Whether this is an object, and not the promise of one, which comes too late. */
function isPlain(values: unknown): boolean {
  if (!(values instanceof Promise)) return isObject(values)
  // its outcome counts for nothing, so it must not end the process either
  values.catch(() => undefined)
  return false
}

function isReserved(name: string, gateway: AuthorizerGateway): boolean {
  return RESERVED.includes(name) || (gateway === 'http-1.0' && name === 'claims')
}

function isScalar(value: unknown): boolean {
  if (typeof value === 'number') return Number.isFinite(value)
  return value === null || typeof value === 'string' || typeof value === 'boolean'
}

/** What has to go, the largest first, until the rest fits. */
function findTooLarge(entries: readonly Entry[], result: object): ReadonlySet<Entry> {
  const measured = entries
    .map((entry) => ({ entry, bytes: byteLength(Object.fromEntries([entry])) - 1 }))
    .sort((a, b) => b.bytes - a.bytes)
  // each entry was measured with a comma, which the last one has not
  let total = measured.reduce((sum, one) => sum + one.bytes, byteLength({ ...result, context: {} }))
  const tooLarge = new Set<Entry>()
  for (const { entry, bytes } of measured) {
    if (total - 1 <= MAX_RESULT_BYTES) break
    tooLarge.add(entry)
    total -= bytes
  }
  return tooLarge
}

/** As the Lambda runtime sends it. */
function byteLength(value: object): number {
  return Buffer.byteLength(JSON.stringify(value))
}

function partition<T>(
  values: readonly T[],
  isMeant: (value: T) => boolean,
): readonly [meant: T[], others: T[]] {
  return [values.filter(isMeant), values.filter((value) => !isMeant(value))]
}
