/**
 * Claims as API Gateway hands them on, back in the types that the token had. Only claims whose type is known are touched,
 * and a value that is not what API Gateway makes of that type stays as it came.
 */
import type { UnknownObject } from '../util/unknown-object.ts'

/**
 * Who wrote the claims: the Cognito authorizer of a REST API, the JWT authorizer of an HTTP API, or a Lambda authorizer
 * into its context.
 */
export type ClaimsEncoding = 'rest-cognito' | 'http-jwt' | 'context'

const NUMBERS = ['exp', 'iat', 'nbf', 'auth_time', 'updated_at', 'version']
const BOOLEANS = ['email_verified', 'phone_number_verified']
const LISTS = ['cognito:groups', 'cognito:roles', 'amr']
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

// RFC 8259 s6
const JSON_NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/
// java.util.Date#toString, such as "Mon Jul 20 02:28:52 UTC 2026"
const JAVA_DATE = /^[A-Z][a-z]{2} ([A-Z][a-z]{2}) (\d\d) (\d\d):(\d\d):(\d\d) UTC (\d{4})$/

/** Undoes what API Gateway did to claims. */
export function decodeClaims(claims: UnknownObject, encoding: ClaimsEncoding): UnknownObject {
  return Object.fromEntries(
    Object.entries(claims)
      // harmless here, and poison to whoever copies it
      .filter(([name]) => name !== '__proto__')
      .map(([name, value]) => [name, decodeClaim(name, value, encoding) ?? value]),
  )
}

/** The value in its own type; `undefined` where it stays as it is. */
function decodeClaim(name: string, value: unknown, encoding: ClaimsEncoding): unknown {
  if (typeof value !== 'string') return undefined
  if (NUMBERS.includes(name)) return toNumber(value) ?? toSeconds(value)
  if (BOOLEANS.includes(name)) return toBoolean(value)
  if (LISTS.includes(name)) return toList(value, encoding)
  if (name === 'identities') return toIdentities(value)
  // the audience of one is a plain string
  if (name === 'aud' && encoding === 'http-jwt') return toBracketedList(value)
  return undefined
}

function toNumber(value: string): number | undefined {
  const number = Number(value)
  return JSON_NUMBER.test(value) && Number.isFinite(number) ? number : undefined
}

function toSeconds(value: string): number | undefined {
  const parts = JAVA_DATE.exec(value)
  if (parts === null) return undefined
  const month = MONTHS.indexOf(parts[1] as string)
  if (month === -1) return undefined
  const [day = 0, hours = 0, minutes = 0, seconds = 0, year = 0] = parts.slice(2).map(Number)
  // biome-ignore lint/style/noRestrictedGlobals: this converts, and asks no clock
  return Date.UTC(year, month, day, hours, minutes, seconds) / 1_000
}

function toBoolean(value: string): boolean | undefined {
  return value === 'true' || value === 'false' ? value === 'true' : undefined
}

function toList(value: string, encoding: ClaimsEncoding): readonly unknown[] | undefined {
  if (encoding === 'context') return parseList(value, (one) => typeof one === 'string')
  if (encoding === 'http-jwt') return toBracketedList(value)
  return value === '' ? [] : value.split(',')
}

/** `[a b]`, where no element has a space: the names of Cognito's groups and roles have none. */
function toBracketedList(value: string): readonly string[] | undefined {
  if (!value.startsWith('[') || !value.endsWith(']')) return undefined
  const inner = value.slice(1, -1)
  return inner === '' ? [] : inner.split(' ')
}

/** Objects as JSON text, with brackets around them or without. */
function toIdentities(value: string): readonly unknown[] | undefined {
  const text = value.startsWith('[') ? value : `[${value}]`
  return parseList(text, (one) => typeof one === 'object' && one !== null)
}

function parseList(text: string, isMember: (one: unknown) => boolean): unknown[] | undefined {
  let list: unknown
  try {
    list = JSON.parse(text)
  } catch {
    // stays as it came
  }
  return Array.isArray(list) && list.every(isMember) ? list : undefined
}
