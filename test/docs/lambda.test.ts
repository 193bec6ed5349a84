/**
 * The table of docs/lambda.md, row by row against the authorizer, and the names in its walk-through.
 */
import { existsSync } from 'node:fs'
import { cognito, createVerifier, type VerifierOptions } from 'jwt-gate'
import {
  type AuthorizerResponse,
  type AuthorizerResult,
  claimsFromEvent,
  createAuthorizer,
} from 'jwt-gate/lambda-authorizer'
import { createAuthorizerEvent, createHandlerEvent, createTestIssuer } from 'jwt-gate/testing'
import { afterAll, describe, expect, test } from 'vitest'
import { isAllowedByIam } from '../lambda-authorizer/iam.ts'
import { blocksOf, read, tableOf } from './markdown.ts'
import { openGuide } from './run/blocks.ts'
import { effects } from './run/effects.ts'

const NOW = 1_784_514_532_000
const now = (): number => NOW
const issuer = await createTestIssuer({ now })
const good = await issuer.accessToken({ scope: 'profile' })

const COLUMNS = [
  ['REST `REQUEST`', 'rest-request', 'policy'],
  ['REST `TOKEN`', 'rest-token', 'policy'],
  ['HTTP 1.0', 'http-1.0', 'policy'],
  ['HTTP 2.0', 'http-2.0', 'policy'],
  ['HTTP 2.0, simple', 'http-2.0', 'simple'],
  ['WebSocket', 'websocket', 'policy'],
] as const
type Gateway = (typeof COLUMNS)[number][1]

interface Situation {
  readonly token?: string
  /** What the requested route requires; the other route requires `profile`. */
  readonly scope?: string
  readonly otherScope?: string
  readonly fetch?: VerifierOptions['fetch']
  readonly context?: () => never
}

const SITUATIONS: Readonly<Record<string, Situation>> = {
  good: { token: good },
  'missing, and the API calls the authorizer anyway': {},
  malformed: { token: 'abc' },
  expired: { token: await issuer.accessToken({ scope: 'profile', exp: NOW / 1_000 - 60 }) },
  forged: { token: good.replace(/[^.]+$/, (await issuer.accessToken()).split('.')[2] ?? '') },
  'an ID token instead of an access token': { token: await issuer.idToken() },
  'good, but lacks a scope of the route': { token: good, scope: 'orders' },
  'good, but lacks the scopes of every route': {
    token: good,
    scope: 'orders',
    otherScope: 'orders',
  },
  'good, but the issuer is down, and no keys are in memory': {
    token: good,
    fetch: () => Promise.reject(new Error('down')),
  },
  'good, but your `context` has a bug': {
    token: good,
    context: () => {
      throw new TypeError('bug')
    },
  },
}
/** API Gateway responds to these itself; test/emulators shows it. */
const NOT_CALLED = 'missing, and the API has an identity source'

function createHandler(gateway: Gateway, response: AuthorizerResponse, situation: Situation) {
  const { scope = 'profile', otherScope = 'profile', fetch = issuer.fetch, context } = situation
  const { userPoolId, clientId } = issuer
  const trusted = cognito({ userPoolId, clientId, tokenUse: 'access' })
  const verifier = createVerifier(trusted, { fetch, now })
  const access =
    gateway === 'websocket'
      ? { $connect: { scopes: [scope] } }
      : { 'GET /orders': { scopes: [scope] }, 'GET /profile': { scopes: [otherScope] } }
  return createAuthorizer(verifier, { access, response, context })
}

/** The cell that describes what the authorizer does. */
async function observe(gateway: Gateway, response: AuthorizerResponse, situation: Situation) {
  const event = createAuthorizerEvent(gateway, { path: '/orders', token: situation.token })
  const arn = 'routeArn' in event ? event.routeArn : event.methodArn
  // as deploy-lambda.md configures simple responses; without a token, API Gateway calls the authorizer only if caching is off
  const identitySource = [`Bearer ${situation.token}`, 'GET /orders']
  const sent = response === 'simple' ? { ...event, identitySource } : event
  try {
    const result = await createHandler(gateway, response, situation)(sent as typeof event)
    return toCell(result, arn, gateway === 'websocket' ? 101 : 200)
  } catch (error) {
    return (error as Error).message === 'Unauthorized' ? 'throws, 401' : 'fails, 500'
  }
}

function toCell(result: AuthorizerResult, arn: string, status: number): string {
  if ('isAuthorized' in result) {
    return result.isAuthorized ? `authorized, ${status}` : 'not authorized, 403'
  }
  const { Statement } = result.policyDocument
  if (isAllowedByIam(Statement, arn)) return `Allow, ${status}`
  const isAllowing = Statement.some(({ Effect }) => Effect === 'Allow')
  return isAllowing ? 'other routes only, 403' : 'Deny, 403'
}

const document = read('docs/lambda.md')
const rows = new Map(tableOf(document, 'the token is').map(([row = '', ...cells]) => [row, cells]))

test('the table has a column for every kind of API, and a row for every case', () => {
  const header = document.split('\n').find((line) => line.startsWith('| the token is'))

  expect(header).toBe(`| the token is | ${COLUMNS.map(([column]) => column).join(' | ')} |`)
  expect(new Set(rows.keys())).toEqual(new Set([NOT_CALLED, ...Object.keys(SITUATIONS)]))
  expect(rows.get(NOT_CALLED)).toEqual(COLUMNS.map(() => 'not called, 401'))
})

describe.each(Object.entries(SITUATIONS))('a token that is %s', (row, situation) => {
  test.each(COLUMNS)(
    'has at %s the result that the table says',
    async (column, gateway, response) => {
      const cell = await observe(gateway, response, situation)

      const at = COLUMNS.findIndex(([name]) => name === column)
      expect(cell).toBe(rows.get(row)?.[at])
    },
  )
})

const guide = openGuide('docs/lambda.md', false)
afterAll(guide.close)
const pool = await createTestIssuer({ now, userPoolId: 'eu-west-1_Example' })

test.each([
  ['http-2.0', 'http-2.0-lambda'],
  ['rest-request', 'rest-lambda'],
] as const)('a context of your own has your values and your claims: %s', async (gateway, front) => {
  Object.assign(effects, { now, fetch: pool.fetch })
  const { handler } = await guide.load<{ handler: (event: unknown) => Promise<object> }>('context')
  const own = { sub: 'alice', client_id: '1example23456789' }
  const token = await pool.accessToken({ ...own, 'cognito:groups': ['staff'] })

  const result = await handler(createAuthorizerEvent(gateway, { token }))

  expect(claimsFromEvent(createHandlerEvent(front, result))).toEqual({
    sub: 'alice',
    exp: NOW / 1_000 + 3_600,
    'cognito:groups': ['staff'],
    tenant: 'acme',
  })
})

test('the walk-through names existing folders and scripts', () => {
  const commands = blocksOf(read('docs/deploy-lambda.md'), 'sh').map(({ text }) => text)
  const folders = [...commands.join('').matchAll(/^cd (\S+)$/gm)].map(([, folder = '']) => folder)
  const scripts = [...commands.join('').matchAll(/npm run (\S+)/g)].map(([, script = '']) => script)
  const manifest = JSON.parse(read('package.json'))

  expect(folders).toEqual(['examples/sam', 'examples/cdk'])
  for (const folder of folders) {
    expect(existsSync(new URL(`../../${folder}`, import.meta.url)), folder).toBe(true)
  }
  expect(scripts).toContain('build')
  for (const script of scripts) expect(Object.keys(manifest.scripts)).toContain(script)
})
