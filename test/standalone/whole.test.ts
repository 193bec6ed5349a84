/**
 * Which of the two builds the zip loads.
 */
import { expect, test } from 'vitest'
import { VARIABLES, type VariableName } from '../../src/standalone/variables.ts'
import { needsWhole } from '../../src/standalone/whole.ts'
import { POOL } from './environments.ts'

const WHOLE: readonly VariableName[] = [
  'JWT_GATE_ACCESS',
  'JWT_GATE_EXACT',
  'JWT_GATE_DPOP',
  'JWT_GATE_MTLS',
  'JWT_GATE_REVOCATIONS',
  'JWT_GATE_TABLE',
  'JWT_GATE_BASE_PATH',
  'JWT_GATE_CERTIFICATE_HEADER',
]

test.each(Object.keys(VARIABLES) as VariableName[])('%s', (name) => {
  expect(needsWhole({ ...POOL, [name]: 'x' })).toBe(WHOLE.includes(name))
})

test('nothing of the process but variables of this authorizer counts', () => {
  expect(needsWhole({ ...POOL, PATH: 'JWT_GATE_ACCESS', JWT_GATE_ACCES: 'x' })).toBe(false)
})
