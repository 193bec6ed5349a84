/**
 * The type of untrusted JSON.
 */

/** A JSON object from outside. Its members can be anything. */
export type JsonObject = { readonly [member: string]: unknown }
