/**
 * Encodes claims and contexts as API Gateway does before it passes them to an integration.
 */
import type { TestClaims } from './cognito-test-claims.ts'

/** Converts the context of a Lambda authorizer to strings, like API Gateway. @throws if API Gateway would return 500 */
export function toStringContext(
  context: Readonly<Record<string, unknown>>,
): Record<string, string | null> {
  return mapValues(context, (value) => {
    if (value === null) return null
    if (typeof value === 'object') {
      throw new Error('API Gateway returns 500 for a context that contains an array or an object')
    }
    return String(value)
  })
}

/** The claims as a Cognito authorizer of a REST API passes them on. */
export function toCognitoAuthorizerClaims(claims: TestClaims): Record<string, string> {
  return toStrings(claims, (name, value) => {
    if (name === 'exp' || name === 'iat') return toJavaDate(Number(value))
    return Array.isArray(value) ? value.map(toText).join(',') : toText(value)
  })
}

/** The claims as a JWT authorizer of a REST API passes them on: with their JSON types. */
export function toTypedClaims(claims: TestClaims): Record<string, unknown> {
  return JSON.parse(JSON.stringify(claims))
}

/** The claims as a JWT authorizer of an HTTP API passes them on: as Go prints values, which is not JSON and has no quotes. */
export function toJwtAuthorizerClaims(claims: TestClaims): Record<string, string> {
  return toStrings(claims, (_, value) => toGoText(value))
}

/** Go sorts the keys of a map. */
function toGoText(value: unknown): string {
  if (value === null) return '<nil>'
  if (Array.isArray(value)) return `[${value.map(toGoText).join(' ')}]`
  if (typeof value !== 'object') return String(value)
  const members = Object.entries(value as object).filter(([, one]) => one !== undefined)
  return `map[${members
    .map(([name, one]): [string, string] => [name, toGoText(one)])
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map((member) => member.join(':'))
    .join(' ')}]`
}

function toStrings(
  claims: TestClaims,
  encode: (name: string, value: unknown) => string,
): Record<string, string> {
  const present = Object.fromEntries(Object.entries(claims).filter(([, value]) => value !== null))
  return mapValues(present, (value, name) => encode(name, value))
}

function toText(value: unknown): string {
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}

/** The format of `java.util.Date.toString()`: `Mon Jul 20 02:28:52 UTC 2026`. */
function toJavaDate(seconds: number): string {
  // biome-ignore lint/style/noRestrictedGlobals: this converts a time, and reads no clock
  const [weekday, day, month, year, time] = new Date(seconds * 1_000).toUTCString().split(' ')
  return `${weekday?.slice(0, 3)} ${month} ${day} ${time} UTC ${year}`
}

function mapValues<Value, Mapped>(
  record: Readonly<Record<string, Value>>,
  map: (value: Value, name: string) => Mapped,
): Record<string, Mapped> {
  const present = Object.entries(record).filter(([, value]) => value !== undefined)
  return Object.fromEntries(present.map(([name, value]) => [name, map(value, name)]))
}
