/**
 * Restores the types of claims that API Gateway turned into strings. Only claims of a known type are changed. A value stays
 * unchanged if it is not the string that API Gateway makes of that type.
 */
import { isObjectOrList, isString, type UnknownObject } from '../../http-request/unknown-object.ts'

/**
 * The source of the claims: the Cognito authorizer of a REST API, the JWT authorizer of an HTTP API, the context of a Lambda
 * authorizer, or one that keeps the types: this library's, or the JWT authorizer of a REST API.
 */
export type ClaimsEncoding = 'rest-cognito' | 'http-jwt' | 'context' | 'typed'

const NUMBERS = ['exp', 'iat', 'nbf', 'auth_time', 'updated_at', 'version']
const BOOLEANS = ['email_verified', 'phone_number_verified']
const LISTS = ['cognito:groups', 'cognito:roles', 'amr']
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

// RFC 8259 s6
const JSON_NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/
// java.util.Date#toString, such as "Mon Jul 20 02:28:52 UTC 2026"
const JAVA_DATE = /^[A-Z][a-z]{2} ([A-Z][a-z]{2}) (\d\d) (\d\d):(\d\d):(\d\d) UTC (\d{4})$/

/** Restores the types of claims. @param lists - the names of other claims that are lists */
export function decodeClaims(
  claims: UnknownObject,
  encoding: ClaimsEncoding,
  lists: readonly string[],
): UnknownObject {
  return Object.fromEntries(
    Object.entries(claims)
      // harmless here, but dangerous for code that copies the claims
      .filter(([name]) => name !== '__proto__')
      .map(([name, value]) => [
        name,
        lists.includes(name)
          ? toNamedList(value, encoding)
          : (decodeClaim(name, value, encoding) ?? value),
      ]),
  )
}

/** A list, because text has an `includes` of its own, which would find `admin` in `not-admin`. */
function toNamedList(value: unknown, encoding: ClaimsEncoding): unknown {
  if (value === null || value === undefined || Array.isArray(value)) return value
  const list = isString(value) && encoding !== 'typed' ? toList(value, encoding) : undefined
  return list ?? [value]
}

/** The value in its original type; `undefined` if it stays unchanged. */
function decodeClaim(name: string, value: unknown, encoding: ClaimsEncoding): unknown {
  if (encoding === 'typed' || !isString(value)) return undefined
  if (NUMBERS.includes(name)) return toNumber(value) ?? toSeconds(value)
  if (BOOLEANS.includes(name)) return toBoolean(value)
  if (LISTS.includes(name)) return toList(value, encoding)
  if (name === 'identities') return toIdentities(value)
  // a single audience is a plain string
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
  // biome-ignore lint/style/noRestrictedGlobals: converts a date, and does not read the clock
  return Date.UTC(year, month, day, hours, minutes, seconds) / 1_000
}

function toBoolean(value: string): boolean | undefined {
  return value === 'true' || value === 'false' ? value === 'true' : undefined
}

function toList(value: string, encoding: ClaimsEncoding): readonly unknown[] | undefined {
  if (encoding === 'context') return parseList(value, isString)
  if (encoding === 'http-jwt') return toBracketedList(value)
  return value === '' ? [] : value.split(',')
}

/** `[a b]`. No element contains a space, because names of Cognito groups and roles have none. */
function toBracketedList(value: string): readonly string[] | undefined {
  if (!value.startsWith('[') || !value.endsWith(']')) return undefined
  const inner = value.slice(1, -1)
  return inner === '' ? [] : inner.split(' ')
}

/** Objects as JSON, with or without brackets around them. */
function toIdentities(value: string): readonly unknown[] | undefined {
  const text = value.startsWith('[') ? value : `[${value}]`
  return parseList(text, isObjectOrList)
}

function parseList(text: string, isMember: (one: unknown) => boolean): unknown[] | undefined {
  let list: unknown
  try {
    list = JSON.parse(text)
  } catch {
    // stays unchanged
  }
  return Array.isArray(list) && list.every(isMember) ? list : undefined
}
