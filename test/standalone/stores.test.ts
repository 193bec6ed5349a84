/**
 * Variables for proofs of possession and revocations: `test/stores-servers` runs them with a table.
 */
import { createAuthorizerEvent, createTestIssuer } from 'jwt-gate/testing'
import { describe, expect, test } from 'vitest'
import { createStandalone } from '../../src/standalone/create-standalone.ts'
import { createDynamoDb } from '../../src/standalone/dynamo-db.ts'
import type { Environment } from '../../src/standalone/settings.ts'
import type { DynamoDbClient } from '../../src/stores/index.ts'
import { POOL } from './environments.ts'
import { now } from './setup.ts'

const DPOP = { JWT_GATE_DPOP: '{"required":true}', JWT_GATE_TABLE: 'jwt-gate' }
const REVOCATIONS = { JWT_GATE_REVOCATIONS: '{"whenStale":"refuse"}', JWT_GATE_TABLE: 'jwt-gate' }
const issuer = await createTestIssuer({ now })

/** A table that cannot be reached, as by a role without permissions. */
function createDeniedClient(): DynamoDbClient {
  const denied = Object.assign(new Error('User: arn:aws:sts::1:x is not authorized'), {
    name: 'AccessDeniedException',
    $fault: 'client',
  })
  return { putItem: () => Promise.reject(denied), query: () => Promise.reject(denied) }
}

function deploy(env: Environment, log: (line: string) => void = () => undefined) {
  return createStandalone(
    { ...POOL, ...env },
    { log, now, fetch: issuer.fetch, dynamoDb: createDeniedClient },
  )
}

function refusalOf(env: Environment): string {
  try {
    deploy(env)
  } catch (error) {
    expect(error).toMatchObject({ code: 'ERR_CONFIG_INVALID' })
    return (error as Error).message
  }
  throw new Error('nothing was refused')
}

describe('these variables are accepted', () => {
  test.each<[Environment]>([
    [DPOP],
    [REVOCATIONS],
    [{ ...DPOP, ...REVOCATIONS, JWT_GATE_BASE_PATH: '/v1' }],
    [{ JWT_GATE_MTLS: 'true' }],
    [{ JWT_GATE_MTLS: 'true', JWT_GATE_CERTIFICATE_HEADER: 'X-Client-Cert' }],
    [{ JWT_GATE_MTLS: 'false' }],
    [{ ...DPOP, JWT_GATE_DPOP: `{"nonce":{"secret":"${'s'.repeat(32)}"}}` }],
  ])('%j', (env) => {
    expect(() => deploy(env)).not.toThrow()
  })
})

describe('these are rejected, by the name of the variable', () => {
  const { JWT_GATE_DPOP, JWT_GATE_TABLE } = DPOP
  const { JWT_GATE_REVOCATIONS } = REVOCATIONS
  test.each<[Environment, string]>([
    [{ JWT_GATE_DPOP }, 'JWT_GATE_TABLE must be set: JWT_GATE_DPOP needs a table'],
    [{ JWT_GATE_REVOCATIONS }, 'JWT_GATE_TABLE must be set: JWT_GATE_REVOCATIONS needs a table'],
    [{ JWT_GATE_TABLE }, 'JWT_GATE_TABLE can be set with JWT_GATE_DPOP or JWT_GATE_REVOCATIONS'],
    [
      { JWT_GATE_TABLE, JWT_GATE_MTLS: 'true' },
      'JWT_GATE_TABLE can be set with JWT_GATE_DPOP or JWT_GATE_REVOCATIONS',
    ],
    [{ ...DPOP, JWT_GATE_DPOP: 'true' }, 'JWT_GATE_DPOP must be options of "dpop" as JSON'],
    [{ ...DPOP, JWT_GATE_DPOP: '[]' }, 'JWT_GATE_DPOP must be options of "dpop" as JSON'],
    [{ ...DPOP, JWT_GATE_DPOP: '{"required":1}' }, '"required" in JWT_GATE_DPOP must be'],
    [{ ...DPOP, JWT_GATE_DPOP: '{"replay":{}}' }, '"replay" cannot be set in JWT_GATE_DPOP'],
    [
      { ...DPOP, JWT_GATE_DPOP: '{"nonce":{"secret":"short"}}' },
      '"nonce.secret" in JWT_GATE_DPOP must be a secret of at least 32 bytes',
    ],
    [{ ...DPOP, JWT_GATE_DPOP: '{"require":true}' }, '"require" is not an option of JWT_GATE_DPOP'],
    [
      { ...DPOP, JWT_GATE_DPOP: '{"required":true,"required":false}' },
      'JWT_GATE_DPOP must not contain a duplicate member',
    ],
    [{ ...REVOCATIONS, JWT_GATE_REVOCATIONS: '{}' }, '"whenStale" in JWT_GATE_REVOCATIONS must'],
    [
      { ...REVOCATIONS, JWT_GATE_REVOCATIONS: '{"whenStale":"ignore"}' },
      '"whenStale" in JWT_GATE_REVOCATIONS must be',
    ],
    [
      { ...REVOCATIONS, JWT_GATE_REVOCATIONS: '{"whenStale":"refuse","maxStaleMs":1}' },
      '"maxStaleMs" in JWT_GATE_REVOCATIONS must not be less than "refreshMs" in JWT_GATE_REVOCA',
    ],
    [
      { ...REVOCATIONS, JWT_GATE_REVOCATIONS: '{"whenStale":"refuse","stale":1}' },
      '"stale" is not an option of JWT_GATE_REVOCATIONS',
    ],
    ...['store', 'onEvent', 'now'].map((name): [Environment, string] => [
      { ...REVOCATIONS, JWT_GATE_REVOCATIONS: `{"whenStale":"refuse","${name}":1}` },
      `"${name}" cannot be set in JWT_GATE_REVOCATIONS`,
    ]),
    [{ ...DPOP, JWT_GATE_TABLE: 'one,two' }, 'JWT_GATE_TABLE must be one value'],
    [{ ...DPOP, JWT_GATE_TABLE: ' ' }, 'JWT_GATE_TABLE must be the name of a table'],
    [{ JWT_GATE_MTLS: 'yes' }, 'JWT_GATE_MTLS must be true or false'],
    [{ JWT_GATE_BASE_PATH: '/v1' }, 'JWT_GATE_BASE_PATH can be set with JWT_GATE_DPOP only'],
    [{ ...DPOP, JWT_GATE_BASE_PATH: 'v1' }, 'JWT_GATE_BASE_PATH must be a path'],
    [
      { JWT_GATE_CERTIFICATE_HEADER: 'X-Cert' },
      'JWT_GATE_CERTIFICATE_HEADER can be set with JWT_GATE_MTLS=true only',
    ],
    [
      { JWT_GATE_CERTIFICATE_HEADER: 'X-Cert', JWT_GATE_MTLS: 'false' },
      'JWT_GATE_CERTIFICATE_HEADER can be set with JWT_GATE_MTLS=true only',
    ],
  ])('%j', (env, message) => {
    expect(refusalOf(env)).toContain(message)
  })
})

describe('a table that cannot be read', () => {
  const event = async (): Promise<object> =>
    createAuthorizerEvent('rest-request', { token: await issuer.accessToken() })

  test('is a failure with "refuse", never a denial, and the log names the error of AWS', async () => {
    const lines: string[] = []
    const { handler, initialize } = deploy(REVOCATIONS, (line) => lines.push(line))

    await initialize()
    const outcome = await handler(await event()).catch((error: Error) => error.message)

    expect(outcome).toBe('The authorizer could not decide (ERR_REVOCATIONS_UNAVAILABLE)')
    const failures = lines.filter((line) => line.includes('revocations.failed'))
    expect(JSON.parse(failures[0] ?? '')).toEqual({
      type: 'revocations.failed',
      causeCode: 'AccessDeniedException',
      effect: 'refuse',
    })
    expect(lines.join()).not.toContain('arn:aws')
  })

  test.each([
    [{ code: 'ECONNREFUSED', name: 'Error' }, 'ECONNREFUSED'],
    [{ name: 'TimeoutError' }, 'TimeoutError'],
    [{ name: 'User: arn:aws:sts::1:x' }, undefined],
    ['text', undefined],
  ])('the log has the code or the name of %j', async (error, causeCode) => {
    const lines: string[] = []
    const fail = () => Promise.reject(error)
    const dynamoDb = (): DynamoDbClient => ({ putItem: fail, query: fail })
    const env = { ...POOL, ...REVOCATIONS }
    const log = (line: string): void => void lines.push(line)

    await createStandalone(env, { log, now, fetch: issuer.fetch, dynamoDb }).initialize()

    const failure = lines.find((line) => line.includes('revocations.failed'))
    expect(JSON.parse(failure ?? '').causeCode).toBe(causeCode)
  })

  test('lets tokens pass with "accept"', async () => {
    const { handler } = deploy({ ...REVOCATIONS, JWT_GATE_REVOCATIONS: '{"whenStale":"accept"}' })

    const result = await handler(await event())

    expect(result).toMatchObject({ policyDocument: { Statement: [{ Effect: 'Allow' }] } })
  })
})

test('without the AWS SDK, the message says where it comes from', () => {
  expect(() => createDynamoDb()).toThrow(/^JWT_GATE_TABLE needs the package @aws-sdk\/client-dyn/)
})
