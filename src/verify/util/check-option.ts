/**
 * Reads and validates options. The message of each error contains the name of the option in quotes.
 */
import { ConfigError } from '../errors.ts'
import { hintOf } from './other-names.ts'
import { isPromise } from './promises.ts'

/** The names of all members of an options type: the compiler rejects a name that is missing or unknown. */
export type OptionNames<T> = { readonly [Name in keyof T]-?: true }

/** The place of an option, for messages: a function with its parentheses, or else another option. */
function toPlace(name: string, argument = ''): string {
  return name.endsWith(')') ? `${argument}${name}` : `"${name}"`
}

/** @param example - how the text of the error continues @throws {@link ConfigError} if the value is not an object */
export function assertObject(name: string, value: unknown, example = ''): asserts value is object {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return
  throw new ConfigError(`${toPlace(name, '"options" of ')} must be an object${example}`)
}

/** @throws {@link ConfigError} for an unknown (usually misspelled) member */
export function assertKnown(name: string, value: object, known: readonly string[]): void {
  const key = Object.getOwnPropertyNames(value).find((one) => !known.includes(one))
  if (key === undefined) return
  throw new ConfigError(
    `"${key}" is not an option of ${toPlace(name)}, which has: ${known.join(', ')}${hintOf(key, known)}`,
  )
}

/**
 * Copies the own properties of an options object. Inherited properties do not count, so that a polluted `Object.prototype`
 * cannot turn off a check.
 * @param name - of the option, or of the function with its parentheses
 * @throws {@link ConfigError} if the value is not an object, or has an unknown (usually misspelled) member
 */
export function readOptions<T extends object>(
  name: string,
  value: T,
  known: OptionNames<NoInfer<T>>,
): Readonly<T> {
  assertObject(name, value)
  const names = Object.keys(known)
  assertKnown(name, value, names)
  const own = Object.create(null)
  for (const key of Object.getOwnPropertyNames(value)) own[key] = value[key as keyof T]
  assertNoneInherited(name, value, names)
  return own
}

/** Rejects options that are inherited from a class or a defaults object: to ignore them silently would turn off checks. */
function assertNoneInherited(name: string, value: object, known: readonly string[]): void {
  let prototype = Object.getPrototypeOf(value)
  while (prototype !== null && !isObjectPrototype(prototype)) {
    const inherited = known.find(
      (key) => Object.hasOwn(prototype, key) && !Object.hasOwn(value, key),
    )
    if (inherited !== undefined) {
      throw new ConfigError(
        `"${inherited}" of ${toPlace(name)} is inherited: it must be an own property`,
      )
    }
    prototype = Object.getPrototypeOf(prototype)
  }
}

/** @throws {@link ConfigError} if the value is not an object, or has a class or a defaults object that members may come from */
export function assertPlainObject(name: string, value: unknown): asserts value is object {
  assertObject(name, value)
  const prototype = Object.getPrototypeOf(value)
  if (prototype === null || isObjectPrototype(prototype)) return
  const isForgotten = isPromise(value) ? ', and is a promise: await it' : ''
  throw new ConfigError(`"${name}" must be a plain object${isForgotten}`)
}

/** Of any realm. */
function isObjectPrototype(value: object): boolean {
  return Object.getPrototypeOf(value) === null && Object.hasOwn(value, 'isPrototypeOf')
}

/** @throws {@link ConfigError} for anything but a string with something in it. */
export function readString(name: string, value: unknown): string {
  if (typeof value !== 'string' || value === '') {
    throw new ConfigError(`"${name}" must be a non-empty string`)
  }
  return value
}

// RFC 9110 s5.6.2; names of cookies (RFC 6265 s4.1.1) and subprotocols (RFC 6455 s4.1) have the same characters
const NAME = /^[A-Za-z0-9!#$%&'*+.^_`|~-]+$/

/** Reads the name of a header, a cookie or a subprotocol. @throws {@link ConfigError} for any other value */
export function readName(option: string, value: unknown): string {
  const name = readString(option, value)
  if (NAME.test(name)) return name
  throw new ConfigError(`"${option}" must be a name without spaces, commas or other separators`)
}

/** Reads a string or a non-empty list of strings into a new list. @throws {@link ConfigError} for any other value */
export function readStrings(name: string, value: unknown): string[] {
  const values: unknown[] = Array.isArray(value) ? value : [value]
  const isGood = values.length > 0 && values.every((one) => typeof one === 'string' && one !== '')
  if (!isGood)
    throw new ConfigError(`"${name}" must be a non-empty string, or a list of such strings`)
  return [...values] as string[]
}

/** Applies a reader to an option unless it is `undefined`. `null` and `''` do not count as omitted. */
export function readOptional<Value>(
  read: (name: string, value: unknown) => Value,
  name: string,
  value: unknown,
): Value | undefined {
  return value === undefined ? undefined : read(name, value)
}

/** Reads a number within a range, or returns the default. @throws {@link ConfigError} for any other value */
export function readNumber<Fallback extends number | undefined>(
  name: string,
  value: unknown,
  fallback: Fallback,
  { min = 0, max }: { min?: number; max: number },
): number | Fallback {
  if (value === undefined) return fallback
  if (typeof value !== 'number' || !(value >= min && value <= max)) {
    throw new ConfigError(`"${name}" must be a number from ${min} to ${max}`)
  }
  return value
}

/** Reads a whole number from 1 to `max`, or returns the default. @throws {@link ConfigError} for any other value */
export function readCount(name: string, value: unknown, fallback: number, max: number): number {
  const count = readNumber(name, value, fallback, { min: 1, max })
  if (!Number.isInteger(count)) throw new ConfigError(`"${name}" must be a whole number`)
  return count
}

/** Reads one of the allowed values, or `undefined`. @throws {@link ConfigError} for any other value */
export function readChoice<T>(name: string, value: unknown, choices: readonly T[]): T | undefined {
  if (value === undefined) return undefined
  if (!choices.includes(value as T)) {
    throw new ConfigError(
      `"${name}" must be one of ${choices.map((one) => JSON.stringify(one)).join(', ')}`,
    )
  }
  return value as T
}

/** Reads a function, or `undefined`. @throws {@link ConfigError} for any other value */
export function readFunction<T>(name: string, value: T): T {
  if (value !== undefined && typeof value !== 'function') {
    throw new ConfigError(`"${name}" must be a function`)
  }
  return value
}

/** @throws {@link ConfigError} if the value is not a verifier. Often it is the return value of `cognito()` */
export function assertVerifier(verifier: unknown): void {
  const { verify, settled } = (verifier ?? {}) as { verify?: unknown; settled?: unknown }
  if (typeof verify === 'function' && typeof settled === 'function') return
  throw new ConfigError('"verifier" must be the return value of createVerifier()')
}
