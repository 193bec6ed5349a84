/**
 * What the tests of bad options have in common.
 */
import { ConfigError, createVerifier, type TrustedIssuer, type VerifierOptions } from 'jwt-gate'
import { expect } from 'vitest'

/** An issuer with nothing wrong. */
export const base = { issuer: 'https://idp.example', audience: 'api' }

/** That construction fails, and that the message names the option. */
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
/** Makes a verifier, whatever it is given. */
export const create = (trusted: unknown, options?: unknown) => () =>
  createVerifier(trusted as TrustedIssuer, options as VerifierOptions)

/** One row for each value. */
export const rows = (table: Record<string, readonly unknown[]>): [string, unknown][] =>
  Object.entries(table).flatMap(([name, values]) =>
    values.map((value): [string, unknown] => [name, value]),
  )
