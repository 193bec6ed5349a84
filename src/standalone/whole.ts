/**
 * The variables that need more than the slim build.
 */
import type { Environment } from './settings.ts'
import type { VariableName } from './variables.ts'

const WHOLE: ReadonlySet<string> = new Set([
  'JWT_GATE_ACCESS',
  'JWT_GATE_EXACT',
  'JWT_GATE_DPOP',
  'JWT_GATE_MTLS',
  'JWT_GATE_BASE_PATH',
  'JWT_GATE_CERTIFICATE_HEADER',
  'JWT_GATE_REVOCATIONS',
  'JWT_GATE_TABLE',
] satisfies VariableName[])

export function needsWhole(env: Environment): boolean {
  return Object.keys(env).some((name) => WHOLE.has(name))
}
