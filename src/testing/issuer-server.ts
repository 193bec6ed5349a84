/**
 * Two ways to reach a test issuer: a `fetch` inside the process, and a real server on a loopback address.
 */
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import { createServer, STATUS_CODES } from 'node:http'
import type { AddressInfo } from 'node:net'

// a name or an address, and a port, without characters that would end the host of a URL
const HOST = /^[\w.:[\]-]+$/
const MAX_BODY_LENGTH = 65_536

/** A response of the issuer. `'down'` closes the connection, `'slow'` never responds. */
export type IssuerAnswer =
  | 'down'
  | 'slow'
  | { readonly status: number; readonly contentType: string; readonly body: string }

/** Handles a request to the issuer. */
export type AnswerRequest = (method: string, url: URL, body: string) => Promise<IssuerAnswer>

/** Creates a `fetch` that reaches only the issuer. */
export function createFetch(answer: AnswerRequest): typeof globalThis.fetch {
  return async (input, init) => {
    const request = new Request(input, init)
    const given = await answer(request.method, new URL(request.url), await request.text())
    if (given === 'down') {
      const cause = new Error(
        'This is the fetch of createTestIssuer(): it reaches only its own issuer, and nothing after fail("down")',
      )
      throw new TypeError('fetch failed', { cause })
    }
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

/** Starts a server on 127.0.0.1. Rejects if the port is in use. */
export function startServer(answer: AnswerRequest, port: number): Promise<Server> {
  const server = createServer((request, response) => void serve(answer, request, response))
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', () => resolve(server))
  })
}

/** The origin of a server. */
export function originOf(server: Server): string {
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

/** Closes a server and its open connections. */
export function stopServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve())
    server.closeAllConnections()
  })
}

/** Serves one request. Never rejects: a faulty client must not end the test process. */
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
    // destroying the request, which was read completely, would leave the connection open
    if (given === 'down') response.destroy()
    else if (given !== 'slow') {
      response.writeHead(given.status, { 'content-type': given.contentType }).end(given.body)
    }
  } catch {
    // the client closed the connection
    response.destroy()
  }
}

function refuse(response: ServerResponse, status: 400 | 413): void {
  const body = JSON.stringify({ message: STATUS_CODES[status] })
  response.writeHead(status, { 'content-type': 'application/json', connection: 'close' }).end(body)
}

/** Reads a body; `undefined` if it is too large. Reads it to the end, so that the client receives the response. */
async function readBody(request: IncomingMessage): Promise<string | undefined> {
  let body: string | undefined = ''
  for await (const chunk of request.setEncoding('utf8')) {
    if (body !== undefined) body = body.length > MAX_BODY_LENGTH ? undefined : body + chunk
  }
  return body
}

/** The URL of a request, from a path and `Host`, or from an absolute URL (RFC 9112 s3.2, s3.3); `undefined` if it is invalid. */
function readUrl({ url = '', headers }: IncomingMessage): URL | undefined {
  const text = url.startsWith('/') ? `http://${headers.host}${url}` : url
  if (!HOST.test(headers.host ?? '') || !URL.canParse(text)) return undefined
  const parsed = new URL(text)
  return parsed.protocol === 'http:' ? parsed : undefined
}
