/**
 * Builds the context of a result, which API Gateway passes to the integration. A context that API Gateway does not accept makes
 * it respond with 500, so such values are dropped, and a mark in the context says so.
 */
import { isObject, type UnknownObject } from '../../http-request/unknown-object.ts'
import { ignoreRejection } from '../../verify/adapter-kit.ts'
import type { AuthorizerGateway, ContextReducedReason } from '../authorizer-events.ts'
import type { AuthorizerContext } from '../authorizer-result.ts'
import { isOwnName, MARKED } from '../util/context-mark.ts'
import { ClaimsContext } from './default-context.ts'
import { findTooLarge, memberLength } from './result-size.ts'

/** Called with the names of dropped values. */
export type OnReduced = (reason: ContextReducedReason, dropped: readonly string[]) => void

type Entry = readonly [name: string, value: unknown]

/** The result that the context is for. */
interface Answer {
  /** The bytes that its other members leave for the context. */
  readonly room: number
  readonly gateway: AuthorizerGateway
}

const RESERVED = ['principalId', 'integrationLatency', '__proto__']
/** The maximum number of names in an event. A token may contain many more. */
const MAX_NAMES = 20

/**
 * The context without the values that API Gateway does not accept.
 * @param values - the return value of the user's function, or the default context
 */
export function fitContext(
  values: unknown,
  answer: Answer,
  onReduced: OnReduced,
): AuthorizerContext {
  const report: OnReduced = (reason, dropped) => onReduced(reason, dropped.slice(0, MAX_NAMES))
  if (values instanceof ClaimsContext) return fitClaims(values, answer.room, report)
  if (isPlain(values)) return fitValues(values, answer, report)
  report('type', [])
  return {}
}

function fitClaims(claims: ClaimsContext, room: number, report: OnReduced): AuthorizerContext {
  const { whole } = claims
  if (whole !== undefined && claims.wholeLength <= room) return whole
  const { context, dropped } = claims.reduce(room)
  if (whole === undefined) report('type', ['jwt'])
  if (dropped.length > 0) report('size', dropped)
  return context
}

/**
 * The mark means that a value is missing because of the token: it is too large, has an unsupported type, or a name with a special
 * meaning. Values with a name that API Gateway itself uses are missing for every token, so they need no mark.
 */
function fitValues(
  values: UnknownObject,
  { room, gateway }: Answer,
  report: OnReduced,
): AuthorizerContext {
  const given = Object.entries(values).filter(([, value]) => value !== undefined)
  const [reserved, free] = partition(given, ([name]) => isReserved(name, gateway))
  const [scalars, others] = partition(free, ([, value]) => isScalar(value))
  const isLacking = others.length > 0 || reserved.some(([name]) => isOwnName(name))
  const whole = { ...Object.fromEntries(scalars), ...(isLacking && MARKED) }
  const isWhole = memberLength('context', whole) <= room
  const tooLarge = isWhole ? [] : findLargest(scalars, room)
  for (const [reason, dropped] of [
    ['reserved', reserved],
    ['type', others],
    ['size', tooLarge],
  ] as const) {
    if (dropped.length > 0)
      report(
        reason,
        dropped.map(([name]) => name),
      )
  }
  if (isWhole) return whole as AuthorizerContext
  const kept = scalars.filter((entry) => !tooLarge.includes(entry))
  return { ...Object.fromEntries(kept), ...MARKED } as AuthorizerContext
}

/** Whether this is an object. A promise comes too late. */
function isPlain(values: unknown): values is UnknownObject {
  if (!(values instanceof Promise)) return isObject(values)
  ignoreRejection(values)
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

/** The entries to drop so that the rest fits, including the mark. */
function findLargest(entries: readonly Entry[], room: number): readonly Entry[] {
  const parts = entries.map((entry) => {
    const [name, value] = entry
    return { name, size: memberLength(name, value), rank: 0, entry }
  })
  const tooLarge = findTooLarge(parts, room - memberLength('context', MARKED))
  return [...tooLarge].map(({ entry }) => entry)
}

function partition<T>(
  values: readonly T[],
  isMeant: (value: T) => boolean,
): readonly [meant: T[], others: T[]] {
  return [values.filter(isMeant), values.filter((value) => !isMeant(value))]
}
