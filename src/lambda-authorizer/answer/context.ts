/**
 * The context of an answer: what API Gateway hands on to the integration. It answers 500 to the client for a context
 * that it does not take, so what does not fit is left out, and the context says so.
 */
import type { ContextReducedReason } from '../authorizer-events.ts'
import type { AuthorizerContext } from '../authorizer-result.ts'
import type { AuthorizerGateway } from '../request/authorizer-request.ts'
import { isOwnName, MARKED } from '../util/context-mark.ts'
import { isObject, type UnknownObject } from '../util/unknown-object.ts'
import { ClaimsContext } from './default-context.ts'
import { byteLength, doesFit, findTooLarge, memberLength } from './result-size.ts'

/** Told of the names that were left out. */
export type OnReduced = (reason: ContextReducedReason, dropped: readonly string[]) => void

type Entry = readonly [name: string, value: unknown]

/** What the context is for. */
interface Answer {
  /** The rest of the answer, which counts towards its size. */
  readonly result: object
  readonly gateway: AuthorizerGateway
}

const RESERVED = ['principalId', 'integrationLatency', '__proto__']
/** An event is no place for all that a token may hold. */
const MAX_NAMES = 20

/**
 * The context with what API Gateway takes.
 * @param values - what the user's function answered, or the default
 */
export function fitContext(
  values: unknown,
  answer: Answer,
  onReduced: OnReduced,
): AuthorizerContext {
  const tell: OnReduced = (reason, dropped) => onReduced(reason, dropped.slice(0, MAX_NAMES))
  if (values instanceof ClaimsContext) return fitClaims(values, answer.result, tell)
  if (isPlain(values)) return fitValues(values, answer, tell)
  tell('type', [])
  return {}
}

function fitClaims(claims: ClaimsContext, result: object, tell: OnReduced): AuthorizerContext {
  const { whole } = claims
  if (whole !== undefined && doesFit({ ...result, context: whole })) return whole
  const { context, dropped } = claims.reduce(result)
  if (whole === undefined) tell('type', ['jwt'])
  if (dropped.length > 0) tell('size', dropped)
  return context
}

/**
 * The mark says that something is missing that is there for others, as far as the token decides: too large, or of another
 * type. API Gateway's own names are missing for everybody.
 */
function fitValues(
  values: UnknownObject,
  { result, gateway }: Answer,
  tell: OnReduced,
): AuthorizerContext {
  const given = Object.entries(values).filter(([, value]) => value !== undefined)
  const [reserved, free] = partition(given, ([name]) => isReserved(name, gateway))
  const [scalars, others] = partition(free, ([, value]) => isScalar(value))
  const isLacking = others.length > 0 || reserved.some(([name]) => isOwnName(name))
  const whole = { ...Object.fromEntries(scalars), ...(isLacking && MARKED) }
  const isWhole = doesFit({ ...result, context: whole })
  const tooLarge = isWhole ? [] : findLargest(scalars, result)
  for (const [reason, dropped] of [
    ['reserved', reserved],
    ['type', others],
    ['size', tooLarge],
  ] as const) {
    if (dropped.length > 0)
      tell(
        reason,
        dropped.map(([name]) => name),
      )
  }
  if (isWhole) return whole as AuthorizerContext
  const kept = scalars.filter((entry) => !tooLarge.includes(entry))
  return { ...Object.fromEntries(kept), ...MARKED } as AuthorizerContext
}

/** Whether this is an object, and not the promise of one, which comes too late. */
function isPlain(values: unknown): values is UnknownObject {
  if (!(values instanceof Promise)) return isObject(values)
  // its outcome counts for nothing, so it must not end the process either
  values.catch(() => undefined)
  return false
}

function isReserved(name: string, gateway: AuthorizerGateway): boolean {
  if (RESERVED.includes(name) || isOwnName(name)) return true
  return gateway === 'http-1.0' && name === 'claims'
}

function isScalar(value: unknown): boolean {
  if (typeof value === 'number') return Number.isFinite(value)
  return value === null || typeof value === 'string' || typeof value === 'boolean'
}

/** What has to go so that the rest fits beside the mark. */
function findLargest(entries: readonly Entry[], result: object): readonly Entry[] {
  const parts = entries.map((entry) => {
    const [name, value] = entry
    return { name, bytes: memberLength(name, value), entry }
  })
  const tooLarge = findTooLarge(parts, byteLength({ ...result, context: MARKED }))
  return [...tooLarge].map(({ entry }) => entry)
}

function partition<T>(
  values: readonly T[],
  isMeant: (value: T) => boolean,
): readonly [meant: T[], others: T[]] {
  return [values.filter(isMeant), values.filter((value) => !isMeant(value))]
}
