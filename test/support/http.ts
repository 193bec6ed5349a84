/**
 * Real HTTP for tests: an app on a free loopback port, and a client that returns every header as it was sent.
 */
import {
  createServer,
  type IncomingMessage,
  type OutgoingHttpHeaders,
  type RequestListener,
  request,
} from 'node:http'
import type { AddressInfo } from 'node:net'
import { onTestFinished } from 'vitest'

interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly body: string
}

export interface Ask {
  readonly method?: string
  /** A list sends a repeated header. */
  readonly headers?: Readonly<Record<string, string | readonly string[]>>
  readonly body?: string
}

export type Client = (path: string, ask?: Ask) => Promise<Answer>

/** Serves an app until the calling test ends. */
export async function serve(app: RequestListener): Promise<Client> {
  const server = createServer(app)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.close()
    server.closeAllConnections()
  })
  const { port } = server.address() as AddressInfo
  return (path, ask) => send(port, path, ask)
}

function send(
  port: number,
  path: string,
  { method = 'GET', headers, body }: Ask = {},
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const options = {
      host: '127.0.0.1',
      port,
      path,
      method,
      headers: headers as OutgoingHttpHeaders,
    }
    const sent = request(options, (response) => {
      readText(response).then((text) => {
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: text })
      }, reject)
    })
    sent.on('error', reject).end(body)
  })
}

export function bearer(token: string): Ask {
  return { headers: { authorization: `Bearer ${token}` } }
}

async function readText(response: IncomingMessage): Promise<string> {
  let text = ''
  for await (const chunk of response.setEncoding('utf8')) text += chunk
  return text
}
