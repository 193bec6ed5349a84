/**
 * The channels of `node:diagnostics_channel` on which events are published, for tools that observe a whole process. Node keeps them
 * by name, so all copies of the package publish on the same ones.
 */
import { channel } from 'node:diagnostics_channel'

/** The outcome of each call of a verifier. */
export const VERIFY_CHANNEL = channel('jwt-gate:verify')
/** The events of a verifier's `onEvent`. */
export const JWKS_CHANNEL = channel('jwt-gate:jwks')
/** The events of an adapter's `onEvent`. */
export const REQUEST_CHANNEL = channel('jwt-gate:request')
