/**
 * A real key server on loopback, for failures that only a real server can have.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { onTestFinished } from 'vitest'

/** How the server responds to a request. */
export type Serve = (request: IncomingMessage, response: ServerResponse) => void

/** A server, and the requests that it got. */
export interface KeyServer {
  readonly origin: string
  readonly asked: IncomingMessage[]
  readonly close: () => Promise<void>
}

/** Serves until the calling test ends. */
export async function startKeyServer(serve: Serve, port = 0): Promise<KeyServer> {
  const asked: IncomingMessage[] = []
  const server = createServer((request, response) => {
    asked.push(request)
    serve(request, response)
  })
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  onTestFinished(() => stop(server))
  const { port: taken } = server.address() as AddressInfo
  return { origin: `http://127.0.0.1:${taken}`, asked, close: () => stop(server) }
}

/** Waits until the connection of the first request is gone, however it ended. */
export function connectionClosed([request]: readonly IncomingMessage[]): Promise<unknown> {
  return new Promise((resolve) => {
    if (!request || request.socket.destroyed) resolve(undefined)
    else request.socket.once('close', resolve)
  })
}

function stop(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve())
    server.closeAllConnections()
  })
}
