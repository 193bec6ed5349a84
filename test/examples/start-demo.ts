/**
 * The demo of `npm start` in this process, on free ports.
 */
import { createServer, type Server } from 'node:http'
import { afterAll, beforeAll, beforeEach } from 'vitest'
import { createEmbeddedDemo, type Demo } from '../../examples/start/demo.ts'
import { startServers } from '../../examples/start/servers.ts'
import { listen } from '../../examples/start/web.ts'

/** Starts it for the tests of a file, and puts everything back before each of them. */
export function useDemo(): () => Demo {
  let demo: Demo
  const servers: Server[] = []
  beforeAll(async () => {
    demo = await createEmbeddedDemo((issuer) => issuer.listen())
    await startServers(demo, async (server) => {
      servers.push(server)
      return listen(server, await freePort())
    })
  })
  beforeEach(() => demo.reset())
  afterAll(async () => {
    for (const server of servers) server.close().closeAllConnections()
    await demo.embedded?.issuer.close()
  })
  return () => demo
}

/** A demo has to know its ports before it listens. */
function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0))
    })
  })
}
