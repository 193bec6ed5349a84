/**
 * Replaces `standalone/stores.ts` in the zip's slim build, which is never loaded with these variables.
 */
import type { Values } from '../../standalone/settings.ts'
import { ConfigError } from '../../verify/index.ts'

export function readStores(values: Values): Record<string, never> {
  const { JWT_GATE_DPOP: dpop, JWT_GATE_MTLS: mtls, JWT_GATE_REVOCATIONS: revocations } = values
  if ((dpop ?? mtls ?? revocations) === undefined) return {}
  throw new ConfigError('This build has no proofs of possession and no revocations')
}
