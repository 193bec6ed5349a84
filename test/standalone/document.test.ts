/**
 * docs/standalone.md, compared with the code.
 */
import { createAuthorizerEvent, createTestIssuer } from 'jwt-gate/testing'
import { expect, test, vi } from 'vitest'
import { createStandalone } from '../../src/standalone/create-standalone.ts'
import { VARIABLES } from '../../src/standalone/variables.ts'
import type { DynamoDbClient } from '../../src/stores/index.ts'
import { blocksOf, codeOf, read, tableOf } from '../docs/markdown.ts'
import { POOL } from './environments.ts'
import { deploy, now } from './setup.ts'

const document = read('docs/standalone.md')

function messageOf(env: Readonly<Record<string, string>>): string {
  try {
    createStandalone(env, { log: () => undefined })
  } catch (error) {
    return String(error)
  }
  return 'nothing was refused'
}

test('the table lists every variable with its values', () => {
  const rows = tableOf(document, 'variable').map(([name, takes]) => [codeOf(name), takes])

  expect(rows).toEqual(Object.entries(VARIABLES).map(([name, { takes }]) => [name, takes]))
})

test.each(blocksOf(document, 'sh').map(({ text }) => [text]))(
  'these variables are sufficient:\n%s',
  (text) => {
    const env = Object.fromEntries(
      text
        .trim()
        .split('\n')
        .map((line) => line.split('=')),
    )

    // outside of Lambda, the AWS SDK is not there
    const dynamoDb = (): DynamoDbClient => ({ putItem: vi.fn(), query: vi.fn() })
    expect(() => createStandalone(env, { log: () => undefined, dynamoDb })).not.toThrow()
  },
)

test('the error messages are real ones', () => {
  const { JWT_GATE_CLIENT_ID: _, ...withoutClient } = POOL

  for (const env of [
    withoutClient,
    { ...POOL, JWT_GATE_TOKEN_USE: 'refresh' },
    { ...POOL, JWT_GATE_CLIENTID: 'app' },
  ]) {
    const message = messageOf(env as Record<string, string>)
    expect(document).toContain(message.replace(/(JWT_GATE_USER_POOL_ID), .*/, '$1, …'))
  }
})

test('the log lines are real ones', async () => {
  const issuer = await createTestIssuer({ now })
  const token = await issuer.accessToken({ exp: 1_700_000_000 })
  const { handler, initialize, lines } = deploy(POOL, issuer)

  await initialize()
  const request = { token, path: '/orders/7', resource: '/orders/{id}' }
  await handler(createAuthorizerEvent('rest-request', request)).catch(() => undefined)

  // the clock of this test stands still
  const real = lines.map((line) =>
    line.replace('TestPool1', 'Example').replace('"durationMs":0', '"durationMs":83'),
  )
  expect(real).toHaveLength(2)
  for (const line of real) expect(document).toContain(`${line}\n`)
})
