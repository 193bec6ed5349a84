/**
 * What the demo's two servers for browsers share: they are for this machine's user alone. Pages of other web sites can send requests
 * to loopback too, and by DNS rebinding even under a name of their own, so `Host`, `Origin` and the content type are checked.
 */
import type { IncomingMessage, Server, ServerResponse } from 'node:http'

const MAX_BODY_LENGTH = 65_536

/** Headers of every response. Scripts and styles come from this server alone, and nothing may frame a page. */
export function toHeaders(policy: Readonly<Record<string, string>>): Record<string, string> {
  const directives = {
    'default-src': "'none'",
    'base-uri': "'none'",
    'form-action': "'none'",
    'frame-ancestors': "'none'",
    'require-trusted-types-for': "'script'",
    'trusted-types': "'none'",
    ...policy,
  }
  return {
    'content-security-policy': Object.entries(directives)
      .map(([name, value]) => `${name} ${value}`)
      .join('; '),
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'same-origin',
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    'permissions-policy': 'camera=(), geolocation=(), microphone=()',
    'cache-control': 'no-store',
  }
}

/** Whether a request was sent to this origin, and not by a page of another one. */
export function isOwn(req: IncomingMessage, origin: string): boolean {
  const { host, origin: from, 'sec-fetch-site': site, 'sec-fetch-mode': mode } = req.headers
  if (`http://${host}` !== origin) return false
  // a link or a redirect may lead to a page: it shows it, and tells the other site nothing
  const isPage = !req.url?.startsWith('/demo')
  if (req.method === 'GET' && mode === 'navigate' && isPage) return true
  if (from !== undefined) return from === origin
  // curl sends neither header
  return site === undefined || site === 'same-origin'
}

/** Reads a body; `undefined` if it is too large. */
export async function readBody(req: IncomingMessage): Promise<string | undefined> {
  let body: string | undefined = ''
  for await (const chunk of req.setEncoding('utf8')) {
    if (body !== undefined) body += chunk
    if (body !== undefined && body.length > MAX_BODY_LENGTH) body = undefined
  }
  return body
}

export function sendJson(res: ServerResponse, status: number, body: object): void {
  res.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
}

/** Gives each server its own port or, if that is taken, the next free one. */
export class Ports {
  /** Ports of other programs. */
  readonly taken: number[] = []
  readonly #used = new Set<number>()
  #next = 0

  async listen(wanted: number, start: (port: number) => Promise<string>): Promise<string> {
    const port = Math.max(wanted, this.#next)
    if (this.#used.has(port)) return this.listen(port + 1, start)
    try {
      const origin = await start(port)
      this.#used.add(port)
      // those that follow do not try the same ports again
      if (this.taken.length > 0) this.#next = port + 1
      return origin
    } catch (error) {
      if ((error as { code?: string }).code !== 'EADDRINUSE') throw error
      this.taken.push(port)
      return this.listen(port + 1, start)
    }
  }
}

/** Listens on loopback alone. */
export function listen(server: Server, port: number): Promise<string> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', () => resolve(`http://127.0.0.1:${port}`))
  })
}
