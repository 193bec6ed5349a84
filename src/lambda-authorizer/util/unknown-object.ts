/**
 * How a value that came as JSON is looked into before anything is known of it.
 */

/** An object of which nothing else is known. */
export type UnknownObject = { readonly [name: string]: unknown }

/** Whether this is an object with members: neither `null` nor a list. */
export function isObject(value: unknown): value is UnknownObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The value where it is an object, else one without members. */
export function toObject(value: unknown): UnknownObject {
  return isObject(value) ? value : {}
}
