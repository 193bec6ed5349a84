/**
 * docs/websockets.md: Socket.IO with its own client, and a browser's WebSocket with ws.
 */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import { after, before, describe, test } from 'node:test'
import { pathToFileURL } from 'node:url'
import { cognito, createVerifier } from 'jwt-gate'
import { createTestIssuer } from 'jwt-gate/testing'
import { WebSocket } from 'ws'
import { writeBlocks } from './blocks.mjs'

const { folder } = writeBlocks('websockets')
const load = (name) => import(pathToFileURL(`${folder}/${name}`).href)
const issuer = await createTestIssuer()
const { userPoolId, clientId } = issuer
const verifier = createVerifier(cognito({ userPoolId, clientId, tokenUse: 'access' }), {
  fetch: issuer.fetch,
})
const token = await issuer.accessToken({ sub: 'alice' })

async function listen(server) {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return server.address().port
}

describe('Socket.IO', () => {
  const sockets = []
  let io
  let port
  let connect
  before(async () => {
    const { createSocketServer } = await load('server.ts')
    ;({ connect } = await load('client.ts'))
    const http = createServer()
    io = createSocketServer(http, verifier)
    port = await listen(http)
  })
  after(async () => {
    for (const socket of sockets) socket.disconnect()
    await io.close()
  })
  const open = (one) => {
    const socket = connect(`http://127.0.0.1:${port}`, async () => one)
    sockets.push(socket)
    return socket
  }

  test('a good token connects, and rights are checked for each event', async () => {
    const results = []
    for (const groups of [[], ['admin']]) {
      const socket = open(await issuer.accessToken({ 'cognito:groups': groups }))
      await once(socket, 'connect')
      results.push(await socket.emitWithAck('orders:delete', '7'))
    }
    assert.deepEqual(results, ['ERR_ACCESS_GROUP', 'deleted 7'])
  })

  for (const [what, bad, code] of [
    ['no token', async () => undefined, 'ERR_TOKEN_MISSING'],
    ['an expired token', () => issuer.accessToken({ exp: 1 }), 'ERR_TOKEN_EXPIRED'],
    ['an object in place of a token', async () => ({ toString: () => token }), undefined],
  ]) {
    test(`${what} does not connect`, async () => {
      const [error] = await once(open(await bad()), 'connect_error')
      assert.equal(error.message, 'The connection was refused')
      if (code) assert.deepEqual(error.data, { code })
    })
  }

  test('a connection ends with its token', async () => {
    const socket = open(await issuer.accessToken({ exp: Math.floor(Date.now() / 1000) + 1 }))
    const [reason] = await once(socket, 'disconnect')
    assert.equal(reason, 'io server disconnect')
  })
})

describe("a browser's WebSocket", () => {
  let server
  let url
  before(async () => {
    const { createWebSocketServer } = await load('browser.ts')
    server = createWebSocketServer(verifier, ({ claims }, send) => send(`hello ${claims.sub}`))
    url = `ws://127.0.0.1:${await listen(server)}`
  })
  after(() => server.close())

  test('a good token connects, and the subprotocol is not the token', async () => {
    const socket = new WebSocket(url, ['v1.example', `bearer.${token}`])
    const [data] = await once(socket, 'message')
    assert.equal(String(data), 'hello alice')
    assert.equal(socket.protocol, 'v1.example')
    socket.terminate()
  })

  for (const [what, names] of [
    ['no token', ['v1.example']],
    ['two tokens', ['v1.example', `bearer.${token}`, `bearer.${token}x`]],
    ['a forged token', ['v1.example', `bearer.${token.slice(0, -4)}AAAA`]],
  ]) {
    test(`${what} is refused`, async () => {
      const socket = new WebSocket(url, names)
      const [, response] = await once(socket, 'unexpected-response')
      assert.equal(response.statusCode, 401)
      socket.on('error', () => undefined)
      socket.terminate()
    })
  }
})
