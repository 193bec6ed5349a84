/**
 * Requests to an API, over HTTP and WebSocket.
 */
import { once } from 'node:events'
import { WebSocket } from 'ws'

/** The status of the response, and the claims in it. */
export async function callHttp(port, path, token) {
  const headers = token === undefined ? {} : { Authorization: `Bearer ${token}` }
  const response = await fetch(`http://127.0.0.1:${port}${path}`, { headers })
  const claims = await response.json()
  return response.status === 200 ? { status: 200, claims } : { status: response.status }
}

/** The status of the handshake (200 if there was a connection), and the claims that a later message gets. */
export async function callWebSocket(port, token) {
  const query = token === undefined ? '' : `?token=${token}`
  const socket = new WebSocket(`ws://127.0.0.1:${port}/${query}`)
  const refused = await Promise.race([
    once(socket, 'open').then(() => undefined),
    once(socket, 'unexpected-response').then(([, response]) => response),
  ])
  if (refused) {
    refused.resume()
    return { status: refused.statusCode }
  }
  socket.send('{}')
  const [message] = await once(socket, 'message')
  socket.close()
  await once(socket, 'close')
  return { status: 200, claims: JSON.parse(message) }
}
