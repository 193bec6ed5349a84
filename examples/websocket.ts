/**
 * WebSockets with `ws`: the token is verified before the connection is upgraded, and the socket is closed when it expires.
 *
 * ISSUER=https://idp.example.com AUDIENCE=https://api.example.com node --import tsx examples/websocket.ts
 */
import { createServer, STATUS_CODES } from 'node:http'
import type { Duplex } from 'node:stream'
import { createVerifier, isJwtGateError } from 'jwt-gate'
import { type HttpErrorMembers, verifyRequest } from 'jwt-gate/express'
import { WebSocketServer } from 'ws'

const verifier = createVerifier({
  issuer: process.env['ISSUER'] ?? 'https://idp.example.com',
  audience: process.env['AUDIENCE'] ?? 'https://api.example.com',
})
const server = createServer((_req, res) => res.writeHead(426).end())
const sockets = new WebSocketServer({ noServer: true })

server.on('upgrade', async (req, socket, head) => {
  socket.on('error', () => socket.destroy())
  try {
    const { claims } = await verifyRequest(verifier, req)
    sockets.handleUpgrade(req, socket, head, (ws) => {
      const life = setTimeout(() => ws.close(4001, 'The token has expired'), toLife(claims.exp))
      ws.on('close', () => clearTimeout(life))
      ws.send(`Hello ${claims.sub}`)
    })
  } catch (error) {
    refuse(socket, error)
  }
})
server.listen(Number(process.env['PORT'] ?? 3000), '127.0.0.1', () => console.log('Listening.'))

/** Before the upgrade there is no response object, so this writes the HTTP response itself. */
function refuse(socket: Duplex, error: unknown): void {
  const { statusCode, headers } = isJwtGateError(error)
    ? (error as typeof error & HttpErrorMembers)
    : { statusCode: 500, headers: {} }
  const lines = Object.entries({ ...headers, Connection: 'close', 'Content-Length': '0' })
  const head = lines.map(([name, value]) => `${name}: ${value}\r\n`).join('')
  socket.end(`HTTP/1.1 ${statusCode} ${STATUS_CODES[statusCode]}\r\n${head}\r\n`)
}

/** The remaining lifetime in milliseconds, limited to the maximum of a timer (24 days). */
function toLife(exp: number): number {
  return Math.min(exp * 1_000 - Date.now(), 2_147_483_647)
}
