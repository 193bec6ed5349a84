/**
 * The standalone authorizer as a test deploys it: with variables, the `fetch` and clock of a test issuer, and a log.
 */
import type { TestIssuer } from 'jwt-gate/testing'
import { createStandalone, type Standalone } from '../../src/standalone/create-standalone.ts'
import type { Environment } from '../../src/standalone/settings.ts'

/** The time of all tests. */
const NOW = 1_784_514_532_000
export const now = (): number => NOW

/** A deployed authorizer, and the lines that it has logged. */
export interface Deployed extends Standalone {
  readonly lines: string[]
}

export function deploy(env: Environment, { fetch }: Pick<TestIssuer, 'fetch'>): Deployed {
  const lines: string[] = []
  const log = (line: string): void => void lines.push(line)
  return { ...createStandalone(env, { log, fetch, now }), lines }
}
