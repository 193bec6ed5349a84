/**
 * Every invalid option of a verifier throws a ConfigError at construction that names the option in quotes.
 */
import { expect, test } from 'vitest'
import { base, create, expectNamed, rows } from './support/bad-options.ts'

const noFunction = [null, '', 'x', {}, true]
const noPositive = [0, null, '1', -1, Number.NaN, Number.POSITIVE_INFINITY]

test.each(
  rows({
    options: [null, [], 'x', 1],
    clockToleranceSeconds: [null, '5', -1, 601, Number.NaN, Number.POSITIVE_INFINITY, {}],
    maxTokenBytes: [...noPositive, 1.5, 1_048_577],
    threadPoolSize: [...noPositive, 1.5, 1_025],
    tokenCache: [null, true, [], 5_000, 'x'],
    'tokenCache.max': [...noPositive, 1.5, 1_000_001].map((max) => ({ tokenCache: { max } })),
    jwks: [null, [], 'x', false],
    'jwks.timeoutMs': [...noPositive, 600_001],
    'jwks.maxAgeMs': [...noPositive, 86_400_001],
    'jwks.maxStaleMs': [...noPositive, 604_800_001],
    'jwks.cooldownMs': [...noPositive, 86_400_001],
    'jwks.maxBytes': [...noPositive, 1.5, 16_777_217],
    'jwks.maxKeys': [...noPositive, 1.5, 10_001],
    check: noFunction,
    fetch: noFunction,
    now: noFunction,
    onEvent: noFunction,
  }),
)('"%s" cannot be %o', (name, value) => {
  expectNamed(name, create(base, toOptions(name, value)))
})

function toOptions(name: string, value: unknown): unknown {
  const [outer, inner] = name.split('.') as [string, string | undefined]
  if (outer === 'options' || (inner === 'max' && typeof value === 'object')) return value
  return { [outer]: inner === undefined ? value : { [inner]: value } }
}

test('names an option that does not exist', () => {
  expectNamed('clockTolerance', create(base, { clockTolerance: 5 }))
  expectNamed('timeout', create(base, { jwks: { timeout: 5 } }))
  expectNamed('ttl', create(base, { tokenCache: { max: 1, ttl: 5 } }))
})

test('accepts undefined for every option', () => {
  const nothing = (...names: string[]) => Object.fromEntries(names.map((name) => [name, undefined]))
  const options = {
    ...nothing(
      'clockToleranceSeconds',
      'maxTokenBytes',
      'threadPoolSize',
      'check',
      'fetch',
      'now',
      'onEvent',
    ),
    tokenCache: nothing('max'),
    jwks: nothing('timeoutMs', 'maxAgeMs', 'maxStaleMs', 'cooldownMs', 'maxBytes', 'maxKeys'),
  }
  const trusted = {
    ...base,
    ...nothing('jwksUri', 'jwks', 'algorithms', 'tokenType', 'tokenUse', 'clientId'),
    ...nothing('requiredClaims', 'maxTokenAgeSeconds', 'claims'),
  }

  expect(create(trusted, options)).not.toThrow()
  expect(create(trusted, nothing('tokenCache', 'jwks'))).not.toThrow()
})
