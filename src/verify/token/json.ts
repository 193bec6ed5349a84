/**
 * What JSON from outside is, before anything is known of it.
 */

/** A JSON object from outside: nothing is known of its members. */
export type JsonObject = { readonly [member: string]: unknown }
