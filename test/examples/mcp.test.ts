/**
 * The example of an MCP server, used with the SDK's own client, and the types of the SDK.
 */
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { TestClaims } from 'jwt-gate/testing'
import { afterAll, expect, onTestFinished, test } from 'vitest'
import {
  Client,
  ClientCredentialsProvider,
  StreamableHTTPClientTransport,
  type TransportOptions,
} from '../support/mcp-sdk.ts'
import { startAuthorizationServer } from './authorization-server.ts'
import { findFreePort, startExample } from './run-example.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))
const server = await startAuthorizationServer()
afterAll(server.close)
const { issuer } = server
const resource = `http://127.0.0.1:${await findFreePort()}/mcp`
const example = startExample('mcp/server.ts', { ISSUER: issuer, RESOURCE: resource })
afterAll(() => example.process.kill('SIGKILL'))
await example.printed('listens at')

/** Connects with the SDK's client, and calls the tool. */
async function callWhoami(options: TransportOptions): Promise<unknown> {
  const client = new Client({ name: 'test', version: '1.0.0' })
  onTestFinished(() => client.close())
  await client.connect(new StreamableHTTPClientTransport(new URL(resource), options))
  const { content } = await client.callTool({ name: 'whoami' })
  return JSON.parse(content[0]?.text ?? '')
}

async function callWithToken(claims: TestClaims): Promise<unknown> {
  const token = await server.token({ aud: resource, scope: 'tools', ...claims })
  return callWhoami({ requestInit: { headers: { Authorization: `Bearer ${token}` } } })
}

test('a request without a token gets the address of the metadata', async () => {
  const answer = await fetch(resource, { method: 'POST' })

  const [, metadataUrl = ''] =
    /resource_metadata="([^"]+)"/.exec(answer.headers.get('www-authenticate') ?? '') ?? []
  const metadata = await (await fetch(metadataUrl)).json()

  expect(answer.status).toBe(401)
  expect(metadata).toMatchObject({ resource, authorization_servers: [issuer] })
})

test('a client that knows only the URL finds out how to get a token, and calls a tool', async () => {
  const authProvider = new ClientCredentialsProvider({
    clientId: 'agent',
    clientSecret: 'secret',
    scope: 'tools',
    expectedIssuer: issuer,
  })

  const extra = await callWhoami({ authProvider })

  expect(server.asked.map((form) => form.get('resource'))).toEqual([resource])
  expect(extra).toMatchObject({ issuer, claims: { client_id: 'agent', aud: resource } })
})

test('a client that has a valid token needs nothing else', async () => {
  const extra = await callWithToken({ sub: 'alice' })

  expect(extra).toMatchObject({ claims: { sub: 'alice' } })
})

test.each<[string, TestClaims, number]>([
  ['too few scopes', { scope: 'other' }, 403],
  ['a token for another resource', { aud: `${resource}/other` }, 401],
  ['a token for the same resource with a slash', { aud: `${resource}/` }, 401],
  ['a token for no resource', { aud: undefined }, 401],
  ['an expired token', { exp: 1_700_000_000 }, 401],
  ['a token of another issuer', { iss: 'https://evil.example' }, 401],
])('%s is rejected', async (_title, claims, code) => {
  const call = callWithToken(claims)

  await expect(call).rejects.toMatchObject({ code })
})

test('compiles against the types of the SDK', () => {
  const tsc = `${root}node_modules/typescript/bin/tsc`

  const run = spawnSync(process.execPath, [tsc, '-p', 'examples/mcp'], {
    cwd: root,
    encoding: 'utf8',
  })

  expect(run.stdout).toBe('')
  expect(run.status).toBe(0)
}, 60_000)
