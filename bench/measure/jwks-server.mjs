/**
 * A JWKS endpoint on loopback.
 */
import { once } from 'node:events'
import { createServer } from 'node:http'

export async function serveKeys(jwks) {
  const body = JSON.stringify(jwks)
  const server = createServer((_request, response) => {
    response.setHeader('content-type', 'application/json')
    response.end(body)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address()
  return {
    uri: `http://127.0.0.1:${port}/.well-known/jwks.json`,
    close: () => server.close().closeAllConnections(),
  }
}
