/**
 * How options are read: once, at construction, and what is wrong is named in quotes.
 */
import { ConfigError } from '../errors.ts'

/** @throws {@link ConfigError} for anything but an object. */
export function assertObject(name: string, value: unknown): asserts value is object {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return
  throw new ConfigError(`"${name}" must be an object`)
}

/**
 * The options that somebody wrote down: a copy of the own properties. What an object inherits is no option, so that a
 * polluted `Object.prototype` switches no check off.
 * @throws {@link ConfigError} for anything but an object, and for a member that is no option: most often a misspelt one
 */
export function readOptions<T extends object>(
  name: string,
  value: T,
  known: readonly string[],
): Readonly<T> {
  assertObject(name, value)
  const own = Object.create(null)
  for (const key of Object.getOwnPropertyNames(value)) {
    if (!known.includes(key)) {
      throw new ConfigError(
        `"${key}" is not an option of "${name}", which has: ${known.join(', ')}`,
      )
    }
    own[key] = value[key as keyof T]
  }
  assertNoneInherited(name, value, known)
  return own
}

/** A class or a set of defaults that somebody inherits from: to pass its options over silently would leave checks out. */
function assertNoneInherited(name: string, value: object, known: readonly string[]): void {
  let prototype = Object.getPrototypeOf(value)
  while (prototype !== null && !isObjectPrototype(prototype)) {
    const inherited = known.find(
      (key) => Object.hasOwn(prototype, key) && !Object.hasOwn(value, key),
    )
    if (inherited !== undefined) {
      throw new ConfigError(`"${inherited}" of "${name}" is inherited: it must be an own property`)
    }
    prototype = Object.getPrototypeOf(prototype)
  }
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

// RFC 9110 s5.6.2; cookies (RFC 6265 s4.1.1) and subprotocols (RFC 6455 s4.1) are named by the same letters
const NAME = /^[A-Za-z0-9!#$%&'*+.^_`|~-]+$/

/** The name of a header, a cookie or a subprotocol. @throws {@link ConfigError} for anything else */
export function readName(option: string, value: unknown): string {
  const name = readString(option, value)
  if (NAME.test(name)) return name
  throw new ConfigError(`"${option}" must be a name without spaces, commas and the like`)
}

/** One string or several, as a new list of at least one. @throws {@link ConfigError} */
export function readStrings(name: string, value: unknown): string[] {
  const values: unknown[] = Array.isArray(value) ? value : [value]
  const isGood = values.length > 0 && values.every((one) => typeof one === 'string' && one !== '')
  if (!isGood)
    throw new ConfigError(`"${name}" must be a non-empty string, or a list of such strings`)
  return [...values] as string[]
}

/** What may be left out, and is read by another function where it is not: `null` and `''` are no way to leave it out. */
export function readOptional<Value>(
  read: (name: string, value: unknown) => Value,
  name: string,
  value: unknown,
): Value | undefined {
  return value === undefined ? undefined : read(name, value)
}

/** A number between two others, or the default. @throws {@link ConfigError} */
export function readNumber(
  name: string,
  value: unknown,
  fallback: number,
  { min = 0, max }: { min?: number; max: number },
): number {
  if (value === undefined) return fallback
  if (typeof value !== 'number' || !(value >= min && value <= max)) {
    throw new ConfigError(`"${name}" must be a number from ${min} to ${max}`)
  }
  return value
}

/** A whole number between 1 and another, or the default. @throws {@link ConfigError} */
export function readCount(name: string, value: unknown, fallback: number, max: number): number {
  const count = readNumber(name, value, fallback, { min: 1, max })
  if (!Number.isInteger(count)) throw new ConfigError(`"${name}" must be a whole number`)
  return count
}

/** One of a few values, or `undefined`. @throws {@link ConfigError} */
export function readChoice<T>(name: string, value: unknown, choices: readonly T[]): T | undefined {
  if (value === undefined) return undefined
  if (!choices.includes(value as T)) {
    throw new ConfigError(
      `"${name}" must be one of ${choices.map((one) => JSON.stringify(one)).join(', ')}`,
    )
  }
  return value as T
}

/** A function, or `undefined`. @throws {@link ConfigError} */
export function readFunction<T>(name: string, value: T): T {
  if (value !== undefined && typeof value !== 'function') {
    throw new ConfigError(`"${name}" must be a function`)
  }
  return value
}

/** @throws {@link ConfigError} for anything but a verifier: most often what `cognito()` answers. */
export function assertVerifier(verifier: unknown): void {
  const { verify, settled } = (verifier ?? {}) as { verify?: unknown; settled?: unknown }
  if (typeof verify === 'function' && typeof settled === 'function') return
  throw new ConfigError('"verifier" must be what createVerifier() answers')
}
