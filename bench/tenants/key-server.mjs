/**
 * The keys of all tenants on loopback, at any path. Counts the requests by path.
 */
import { once } from 'node:events'
import { createServer } from 'node:http'

export async function serveTenants(jwks) {
  const body = JSON.stringify(jwks)
  const requests = new Map()
  const server = createServer(({ url }, response) => {
    requests.set(url, (requests.get(url) ?? 0) + 1)
    response.setHeader('content-type', 'application/json')
    response.setHeader('cache-control', 'max-age=3600')
    response.end(body)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    origin: `http://127.0.0.1:${server.address().port}`,
    /** The requests since the last call, by path. */
    takeRequests: () => {
      const taken = new Map(requests)
      requests.clear()
      return taken
    },
    close: () => server.close().closeAllConnections(),
  }
}
