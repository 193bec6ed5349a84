/**
 * The examples of docs/lambda.md, run without changes.
 */
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createVerifier } from 'jwt-gate'
import { createAuthorizer } from 'jwt-gate/lambda-authorizer'
import { createAuthorizerEvent, createHandlerEvent, createTestIssuer } from 'jwt-gate/testing'
import { expect, onTestFinished, test, vi } from 'vitest'
import { WebSocket, WebSocketServer } from 'ws'
import { handler as connect } from '../../examples/connect.ts'
import { handler as warm } from '../../examples/warmup.ts'

const issuer = await createTestIssuer()
const verifier = createVerifier({ issuer: issuer.issuer, audience: null, jwks: issuer.jwks })

test.each(['connect.ts', 'warmup.ts'])('the page has the text of %s', (file) => {
  const read = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8')

  expect(read('docs/lambda.md')).toContain(`\`\`\`ts\n${read(`examples/${file}`)}\`\`\``)
})

/** A WebSocket API on loopback: the authorizer, then the `$connect` handler, whose headers go to the client. */
async function startApi(respond: typeof connect): Promise<string> {
  const authorizer = createAuthorizer(verifier, { token: { subprotocol: 'access_token' } })
  const sockets = new WebSocketServer({ noServer: true, handleProtocols: () => false })
  const server = createServer().on('upgrade', async (request, socket, head) => {
    const offered = request.headers['sec-websocket-protocol'] ?? ''
    const headers = { 'Sec-WebSocket-Protocol': offered }
    const { context } = await authorizer(createAuthorizerEvent('websocket', { headers }))
    const answer = await respond(createHandlerEvent('websocket-lambda', { headers, context }))
    const { 'Sec-WebSocket-Protocol': chosen } = answer.headers ?? {}
    sockets.options.handleProtocols = () => chosen ?? false
    sockets.handleUpgrade(request, socket, head, () => undefined)
  })
  onTestFinished(() => {
    for (const client of sockets.clients) client.terminate()
    server.close()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return `ws://127.0.0.1:${(server.address() as AddressInfo).port}`
}

/** The subprotocol of an open connection, or the error. */
async function open(url: string, token: string): Promise<string> {
  const client = new WebSocket(url, ['access_token', token])
  return new Promise((resolve) => {
    client.once('open', () => resolve(client.protocol))
    client.once('error', ({ message }) => resolve(message))
  })
}

test('the $connect example keeps the connection open, and returns no token', async () => {
  const log = vi.spyOn(console, 'log').mockReturnValue(undefined)
  onTestFinished(() => log.mockRestore())
  const token = await issuer.accessToken({ sub: 'alice' })

  expect(await open(await startApi(connect), token)).toBe('access_token')
  expect(log.mock.calls).toEqual([['connected', 'alice']])
})

test('without the header, clients close the connection', async () => {
  const token = await issuer.accessToken()
  const url = await startApi(async () => ({ statusCode: 200 }))

  expect(await open(url, token)).toBe('Server sent no subprotocol')
})

test('the $connect example sends no subprotocol to a client that offers none, or another', async () => {
  const log = vi.spyOn(console, 'log').mockReturnValue(undefined)
  onTestFinished(() => log.mockRestore())
  for (const headers of [{}, { 'sec-websocket-protocol': 'chat, access_token_2' }]) {
    const event = createHandlerEvent('websocket-lambda', { headers, context: { sub: 'alice' } })

    expect(await connect(event)).toEqual({ statusCode: 200 })
  }
})

test('the warm-up example responds to the warm-up itself, with no policy', async () => {
  expect(await warm({ source: 'serverless-plugin-warmup' })).toBe('warm')
})

test.each([
  ['in a header', { headers: { source: 'serverless-plugin-warmup' } }],
  ['in the query', { query: { source: 'serverless-plugin-warmup' } }],
  ['as the path', { path: '/serverless-plugin-warmup', resource: '/{proxy+}' }],
])('the warm-up example is not fooled by a request that has the text %s', async (_, request) => {
  const answer = warm(createAuthorizerEvent('rest-request', request))

  await expect(answer).rejects.toThrow(/^Unauthorized$/)
})
