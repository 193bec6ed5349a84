/**
 * The second argument of `verify`: what a request presents. To other libraries, users pass conditions there, and to ignore these
 * would turn off checks.
 */
import type { Presented } from './binding-types.ts'
import { assertKnown } from './util/check-option.ts'

const NAMES: readonly (keyof Presented)[] = ['scheme', 'proof', 'request', 'certificate']

/** @throws {@link ConfigError} that names an unknown member, and says where it belongs */
export function assertPresented(presented: Presented): void {
  assertKnown('verify()', presented, NAMES)
}
