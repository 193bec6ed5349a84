/**
 * The two ways to a test issuer: a `fetch` that stays in the process, and a real server on a loopback address.
 */
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

/** What the issuer answers; `'down'` breaks the connection off, `'slow'` never answers. */
export type IssuerAnswer =
  | 'down'
  | 'slow'
  | { readonly status: number; readonly contentType: string; readonly body: string }

/** How the issuer answers a request. */
export type AnswerRequest = (method: string, url: URL, body: string) => Promise<IssuerAnswer>

/** A `fetch` that reaches the issuer and nothing else. */
export function createFetch(answer: AnswerRequest): typeof globalThis.fetch {
  return async (input, init) => {
    const request = new Request(input, init)
    const given = await answer(request.method, new URL(request.url), await request.text())
    if (given === 'down') throw new TypeError('fetch failed')
    if (given === 'slow') return rejectOnAbort(request.signal)
    return new Response(given.body, {
      status: given.status,
      headers: { 'content-type': given.contentType },
    })
  }
}

function rejectOnAbort(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    if (signal.aborted) reject(signal.reason)
    signal.addEventListener('abort', () => reject(signal.reason))
  })
}

/** Starts a server on 127.0.0.1. Rejects where the port is taken. */
export function startServer(answer: AnswerRequest, port: number): Promise<Server> {
  const server = createServer((request, response) => void serve(answer, request, response))
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', () => resolve(server))
  })
}

/** Where a server listens. */
export function originOf(server: Server): string {
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

/** Closes a server, and the connections that it still has. */
export function stopServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve())
    server.closeAllConnections()
  })
}

async function serve(
  answer: AnswerRequest,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  let body = ''
  for await (const chunk of request.setEncoding('utf8')) body += chunk
  const url = new URL(`http://${request.headers.host}${request.url}`)
  const given = await answer(request.method ?? 'GET', url, body)
  // the request was read to its end: destroying that one would leave the connection open
  if (given === 'down') response.destroy()
  else if (given !== 'slow') {
    response.writeHead(given.status, { 'content-type': given.contentType }).end(given.body)
  }
}
