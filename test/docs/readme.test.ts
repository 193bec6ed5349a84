/**
 * The README, compared with the code.
 */
import { cognito, createVerifier } from 'jwt-gate'
import { requireJwt } from 'jwt-gate/express'
import { createAuthorizer } from 'jwt-gate/lambda-authorizer'
import { describe, expect, test } from 'vitest'
import {
  AccessError,
  ERROR_CODES,
  KeysError,
  StoreError,
  TokenError,
} from '../../src/verify/errors.ts'
import { blocksOf, codeOf, read, tableOf } from './markdown.ts'

const readme = read('README.md')
const verifier = createVerifier({ issuer: 'https://idp.example', audience: 'x' })

function statusOf(code: string): number {
  if (code === 'ERR_CONFIG_INVALID') return 500
  if (code.startsWith('ERR_ACCESS_') || code === 'ERR_CLAIMS_PARTIAL')
    return new AccessError(code as 'ERR_ACCESS_DENIED').status
  if (code.startsWith('ERR_JWKS_')) return new KeysError(code as 'ERR_JWKS_INVALID').status
  if (code.startsWith('ERR_STORE_')) return new StoreError(code as 'ERR_STORE_UNAVAILABLE').status
  return new TokenError(code as 'ERR_TOKEN_MISSING').status
}

/** Every function that rejects an unknown option and lists the known ones. */
function optionsNamedBy(make: () => unknown): string[] {
  try {
    make()
  } catch (error) {
    return (error as Error).message.replace(/^.* has: /, '').split(', ')
  }
  return []
}

test('the table of errors lists every code with its status', () => {
  const rows = tableOf(readme, 'code').map(([code, status]) => [codeOf(code), Number(status)])

  expect(rows).toHaveLength(ERROR_CODES.length)
  expect(new Set(rows.map(([code]) => code))).toEqual(new Set(ERROR_CODES))
  for (const [code, status] of rows) expect(status, String(code)).toBe(statusOf(String(code)))
})

describe('the tables of options list every option', () => {
  const issuer = { issuer: 'https://idp.example', audience: 'x' }
  test.each<[string, () => unknown, string[]]>([
    ['trusted issuer', () => createVerifier({ ...issuer, unknown: 1 } as never), ['userPoolId']],
    ['`cognito()`', () => cognito({ unknown: 1 } as never), []],
    ['verifier option', () => createVerifier(issuer, { unknown: 1 } as never), []],
    ['`requireJwt` option', () => requireJwt(verifier, { unknown: 1 } as never), []],
    ['`createAuthorizer` option', () => createAuthorizer(verifier, { unknown: 1 } as never), []],
  ])('%s', (header, make, internal) => {
    const listed = tableOf(readme, header).map(([name]) => codeOf(name))

    expect([...listed, ...internal].sort()).toEqual(optionsNamedBy(make).sort())
  })
})

test('the JWKS options and their defaults are listed', () => {
  const names = optionsNamedBy(() =>
    createVerifier(
      { issuer: 'https://idp.example', audience: 'x' },
      { jwks: { unknown: 1 } as never },
    ),
  )
  const row = tableOf(readme, 'verifier option').find(([name]) => name === '`jwks`')

  // an agent and host names have no default
  const isNumber = (name: string) => name !== 'agent' && name !== 'insecureHosts'
  for (const name of names) {
    expect(row?.[1]).toMatch(new RegExp(`\`${name}\`${isNumber(name) ? ' \\d+' : ''}`))
  }
})

test('an example that names its file is identical to that file', () => {
  const named = blocksOf(readme, 'ts').filter((block) => block.comment?.startsWith('examples/'))

  expect(named).toHaveLength(3)
  for (const { comment, text } of named) expect(text).toBe(read(String(comment)))
})

test('the Express example and the Lambda example are short', () => {
  for (const file of ['examples/express.ts', 'examples/authorizer.ts', 'examples/handler.ts']) {
    const lines = read(file)
      .split('\n')
      .filter((line) => line.trim() !== '')
    expect(lines.length, file).toBeLessThanOrEqual(16)
  }
})
