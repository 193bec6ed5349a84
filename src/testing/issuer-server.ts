/**
 * The two ways to a test issuer: a `fetch` that stays in the process, and a real server on a loopback address.
 */
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import { createServer, STATUS_CODES } from 'node:http'
import type { AddressInfo } from 'node:net'

// a name or an address, and a port: nothing that would end them in a URL
const HOST = /^[\w.:[\]-]+$/
const MAX_BODY_LENGTH = 65_536

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

/** Answers one request. Never rejects: a client that misbehaves must not end the process of the tests. */
async function serve(
  answer: AnswerRequest,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  try {
    const body = await readBody(request)
    const url = readUrl(request)
    if (url === undefined) return refuse(response, 400)
    if (body === undefined) return refuse(response, 413)
    const given = await answer(request.method ?? 'GET', url, body)
    // the request was read to its end: destroying that one would leave the connection open
    if (given === 'down') response.destroy()
    else if (given !== 'slow') {
      response.writeHead(given.status, { 'content-type': given.contentType }).end(given.body)
    }
  } catch {
    // the client has hung up
    response.destroy()
  }
}

function refuse(response: ServerResponse, status: 400 | 413): void {
  const body = JSON.stringify({ message: STATUS_CODES[status] })
  response.writeHead(status, { 'content-type': 'application/json', connection: 'close' }).end(body)
}

/** `undefined` if it is too large; it is read to its end, so that the client sees the answer. */
async function readBody(request: IncomingMessage): Promise<string | undefined> {
  let body: string | undefined = ''
  for await (const chunk of request.setEncoding('utf8')) {
    if (body !== undefined) body = body.length > MAX_BODY_LENGTH ? undefined : body + chunk
  }
  return body
}

/** RFC 9112 s3.2, s3.3: a path and the `Host` beside it, or a whole URL. `undefined` for anything else. */
function readUrl({ url = '', headers }: IncomingMessage): URL | undefined {
  const text = url.startsWith('/') ? `http://${headers.host}${url}` : url
  if (!HOST.test(headers.host ?? '') || !URL.canParse(text)) return undefined
  const parsed = new URL(text)
  return parsed.protocol === 'http:' ? parsed : undefined
}
