/**
 * Helpers for JSON values whose shape is not known yet.
 */

/** An object with unknown members. */
export type UnknownObject = { readonly [name: string]: unknown }

/** Whether this is an object or a list, and not a scalar. */
export function isObjectOrList(value: unknown): value is object {
  return typeof value === 'object' && value !== null
}

/** Whether this is an object with members: neither `null` nor a list. */
export function isObject(value: unknown): value is UnknownObject {
  return isObjectOrList(value) && !Array.isArray(value)
}

/** The value if it is an object, otherwise an empty object. */
export function toObject(value: unknown): UnknownObject {
  return isObject(value) ? value : {}
}

/** Whether this is a string, possibly an empty one. */
export function isString(value: unknown): value is string {
  return typeof value === 'string'
}
