/**
 * The example of an MCP server with version 2 of the SDK, used with the SDK's own client.
 */
import { createRequire } from 'node:module'
import type { TestClaims } from 'jwt-gate/testing'
import { afterAll, expect, onTestFinished, test } from 'vitest'
import type { TransportOptions } from '../support/mcp-sdk.ts'
import { startAuthorizationServer } from './authorization-server.ts'
import { findFreePort, startExample } from './run-example.ts'

interface McpClient {
  connect(transport: object): Promise<void>
  callTool(call: { name: string }): Promise<{ content: readonly { text: string }[] }>
  close(): Promise<void>
}

/** Loaded without its types, which require the DOM types. `examples/mcp` is compiled with those of the server. */
interface ClientSdk {
  readonly Client: new (info: { name: string; version: string }) => McpClient
  readonly StreamableHTTPClientTransport: new (url: URL, options: TransportOptions) => object
  readonly ClientCredentialsProvider: new (options: Readonly<Record<string, string>>) => object
}

const sdk: ClientSdk = createRequire(import.meta.url)('@modelcontextprotocol/client')
const server = await startAuthorizationServer()
afterAll(server.close)
const { issuer } = server
const resource = `http://127.0.0.1:${await findFreePort()}/mcp`
const example = startExample('mcp/server-v2.ts', { ISSUER: issuer, RESOURCE: resource })
afterAll(() => example.process.kill('SIGKILL'))
await example.printed('listens at')

/** Connects with the SDK's client, and calls the tool. */
async function callWhoami(options: TransportOptions): Promise<unknown> {
  const client = new sdk.Client({ name: 'test', version: '1.0.0' })
  onTestFinished(() => client.close())
  await client.connect(new sdk.StreamableHTTPClientTransport(new URL(resource), options))
  const { content } = await client.callTool({ name: 'whoami' })
  return JSON.parse(content[0]?.text ?? '')
}

async function headersFor(claims: TestClaims): Promise<Record<string, string>> {
  const token = await server.token({ aud: resource, scope: 'tools', ...claims })
  return { Authorization: `Bearer ${token}` }
}

test('a request without a token gets the scope and the address of the metadata', async () => {
  const answer = await fetch(resource, { method: 'POST' })

  const challenge = answer.headers.get('www-authenticate') ?? ''
  const [, metadataUrl = ''] = /resource_metadata="([^"]+)"/.exec(challenge) ?? []
  const metadata = await (await fetch(metadataUrl)).json()

  expect(answer.status).toBe(401)
  expect(challenge).toContain('scope="tools"')
  expect(metadata).toMatchObject({ resource, authorization_servers: [issuer] })
})

test('a client that knows only the URL finds out how to get a token, and calls a tool', async () => {
  const authProvider = new sdk.ClientCredentialsProvider({
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
  const extra = await callWhoami({ requestInit: { headers: await headersFor({ sub: 'alice' }) } })

  expect(extra).toMatchObject({ claims: { sub: 'alice' } })
})

test.each<[string, TestClaims, number, string]>([
  ['too few scopes', { scope: 'other' }, 403, 'insufficient_scope'],
  ['a token for another resource', { aud: `${resource}/other` }, 401, 'invalid_token'],
  ['a token for the same resource with a slash', { aud: `${resource}/` }, 401, 'invalid_token'],
  ['a token for no resource', { aud: undefined }, 401, 'invalid_token'],
  ['an expired token', { exp: 1_700_000_000 }, 401, 'invalid_token'],
  ['a token of another issuer', { iss: 'https://evil.example' }, 401, 'invalid_token'],
])('%s is rejected, with all scopes that are needed', async (_title, claims, status, error) => {
  const answer = await fetch(resource, { method: 'POST', headers: await headersFor(claims) })

  const challenge = answer.headers.get('www-authenticate')
  expect(answer.status).toBe(status)
  expect(challenge).toContain(`error="${error}"`)
  expect(challenge).toContain('scope="tools"')
})
