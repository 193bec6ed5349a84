/**
 * Error messages about an option name the variable that the option came from.
 */
import { ConfigError } from 'jwt-gate'
import { expect, test } from 'vitest'
import { LISTED, nameVariables } from '../../src/standalone/name-variables.ts'

function messageOf(error: Error): string {
  try {
    return nameVariables(() => {
      throw error
    })
  } catch (thrown) {
    return String(thrown)
  }
}

test.each([
  ['userPoolId', 'JWT_GATE_USER_POOL_ID'],
  ['clientId', 'JWT_GATE_CLIENT_ID'],
  ['tokenUse', 'JWT_GATE_TOKEN_USE'],
  ['issuer', 'JWT_GATE_ISSUER'],
  ['audience', 'JWT_GATE_AUDIENCE'],
  ['algorithms', 'JWT_GATE_ALGORITHMS'],
  ['jwksUri', 'JWT_GATE_JWKS_URI'],
  ['jwks', 'JWT_GATE_JWKS'],
  ['access', 'JWT_GATE_ACCESS'],
  ['exact', 'JWT_GATE_EXACT'],
  ['policy', 'JWT_GATE_POLICY'],
  ['response', 'JWT_GATE_RESPONSE'],
  ['unauthorized', 'JWT_GATE_UNAUTHORIZED'],
  ['token', 'JWT_GATE_TOKEN'],
])('"%s" is replaced by %s', (option, variable) => {
  const message = messageOf(new ConfigError(`"${option}" must be other than "${option}" is`))

  expect(message).toBe(`ConfigError: ${variable} must be other than ${variable} is`)
})

test('"jwks.insecureHosts", which no variable sets, keeps its name', () => {
  const text = 'a host in "jwks.insecureHosts"'

  expect(messageOf(new ConfigError(text))).toBe(`ConfigError: ${text}`)
})

test.each([
  ['"audience" must be given', '"audience" in JWT_GATE_ISSUERS must be given'],
  ...['the first argument of createVerifier()', 'cognito()'].map((place) => [
    `"x" is not an option of ${place}, which has: a`,
    '"x" is not an option of an entry of JWT_GATE_ISSUERS, which has: a',
  ]),
  ['a host in "jwks.insecureHosts"', 'a host in "jwks.insecureHosts"'],
  ['"tokenUse" must be "access"', '"tokenUse" in JWT_GATE_ISSUERS must be "access"'],
])('of a list of issuers, %s is replaced by %s', (message, renamed) => {
  const make = (): never => {
    throw new ConfigError(message)
  }

  expect(() => nameVariables(make, LISTED)).toThrow(new ConfigError(renamed))
})

test('a name without a variable is kept', () => {
  const message = messageOf(new ConfigError('"request" is not "toString"'))

  expect(message).toBe('ConfigError: "request" is not "toString"')
})

test('an error that is no ConfigError is passed on unchanged', () => {
  const message = messageOf(new RangeError('"issuer" is out of range'))

  expect(message).toBe('RangeError: "issuer" is out of range')
})
