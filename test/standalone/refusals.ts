/**
 * Helpers for tests of rejected variables.
 */
import { expect } from 'vitest'
import { createStandalone } from '../../src/standalone/create-standalone.ts'
import type { Environment } from '../../src/standalone/settings.ts'

/** A secret that somebody has pasted into the wrong variable. */
export const SECRET = 'c2VjcmV0LXZhbHVl'
export const RULE = { scopes: ['read'] }

/** The error message for rejected variables. */
export function refusalOf(env: Environment): string {
  try {
    deploy(env)
  } catch (error) {
    expect(error).toMatchObject({ name: 'ConfigError', code: 'ERR_CONFIG_INVALID' })
    return (error as Error).message
  }
  throw new Error('nothing was refused')
}

export function expectAccepted(env: Environment): void {
  expect(() => deploy(env)).not.toThrow()
}

/** A route map as the value of its variable. */
export function access(map: object): string {
  return JSON.stringify(map)
}

function deploy(env: Environment): void {
  createStandalone(env, { log: () => undefined })
}
