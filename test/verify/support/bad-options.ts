/**
 * Shared by the tests of invalid options.
 */
import { ConfigError, createVerifier, type TrustedIssuer, type VerifierOptions } from 'jwt-gate'
import { expect } from 'vitest'

/** A valid issuer. */
export const base = { issuer: 'https://idp.example', audience: 'api' }

/** Expects that construction fails, and that the message names the option. */
export function expectNamed(name: string, make: () => unknown): void {
  expect(make).toThrow(ConfigError)
  expect(make).toThrow(
    expect.objectContaining({
      code: 'ERR_CONFIG_INVALID',
      status: 500,
      message: expect.stringContaining(`"${name}"`),
    }),
  )
}
/** Creates a verifier from any value. */
export const create = (trusted: unknown, options?: unknown) => () =>
  createVerifier(trusted as TrustedIssuer, options as VerifierOptions)

/** One row per value. */
export const rows = (table: Record<string, readonly unknown[]>): [string, unknown][] =>
  Object.entries(table).flatMap(([name, values]) =>
    values.map((value): [string, unknown] => [name, value]),
  )
