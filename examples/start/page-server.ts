/**
 * The server of the page: its files, what happens (as server-sent events), and the actions.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { explain } from 'jwt-gate/explain'
import { type ActionRequest, act } from './actions.ts'
import type { Demo } from './demo.ts'
import { type Page, sendPageFile } from './page-files.ts'
import { ACCESS, findUser, USERS } from './sample.ts'
import { STATIONS } from './trace.ts'
import { isOwn, readBody, sendJson, toHeaders } from './web.ts'

const MAX_STREAMS = 20
const ONE_HOUR = 3_600

export function createPageServer(demo: Demo, page: Page): Server {
  const streams = new Set<ServerResponse>()
  return createServer((req, res) => {
    void handle(demo, page, streams, req, res).catch(() => res.destroy())
  })
}

async function handle(
  demo: Demo,
  page: Page,
  streams: Set<ServerResponse>,
  req: IncomingMessage,
  res: ServerResponse,
) {
  const { origins } = demo
  res.setHeaders(new Map(Object.entries(toHeaders(toPolicy(demo)))))
  if (!isOwn(req, origins.page)) return sendJson(res, 403, { error: 'not_this_origin' })
  const { pathname } = new URL(`${origins.page}${req.url}`)
  switch (`${req.method} ${pathname}`) {
    case 'GET /':
    case 'GET /callback':
      return sendPageFile(page, req, res, '/index.html')
    case 'GET /demo':
      return sendJson(res, 200, toConfig(demo))
    case 'GET /demo/events':
      return streams.size < MAX_STREAMS
        ? stream(demo, streams, res)
        : sendJson(res, 503, { error: 'too_many_streams' })
    case 'POST /demo':
      return sendAction(demo, req, res)
    case 'POST /demo/explain':
      return sendExplanation(demo, req, res)
    case 'GET /token':
    case 'GET /token/expired':
    case 'GET /token/id':
    case 'GET /token/rui':
    case 'GET /token/noa':
      return sendToken(demo, res, pathname.split('/')[2])
    default:
      return sendPageFile(page, req, res, pathname)
  }
}

function toPolicy({ origins }: Demo): Record<string, string> {
  const { express, gateway, signIn } = origins
  return {
    'script-src': "'self'",
    'style-src': "'self'",
    'img-src': "'self'",
    'connect-src': ["'self'", express, gateway, signIn].filter(Boolean).join(' '),
  }
}

/** What does not change while the demo runs. */
function toConfig({ origins, embedded, pool }: Demo): object {
  return {
    origins,
    clientId: pool.clientId,
    issuer: embedded?.issuer.issuer,
    routes: Object.entries(ACCESS).map(([route, rule]) => ({ route, rule })),
    users: USERS,
    stations: STATIONS,
    toleranceSeconds: 5,
  }
}

/** All that is known, then what happens. */
function stream(demo: Demo, streams: Set<ServerResponse>, res: ServerResponse): void {
  const { trace } = demo
  res.writeHead(200, { 'content-type': 'text/event-stream' })
  const send = (type: string) => (data: unknown) => {
    res.write(`event: ${type}\ndata: ${JSON.stringify(data)}\n\n`)
  }
  const [onRequest, onLog, onAll] = [send('request'), send('log'), send('all')]
  const onChange = () => send('state')(demo.state)
  onAll({ state: demo.state, requests: trace.requests, log: trace.entries })
  trace.on('request', onRequest).on('log', onLog).on('change', onChange)
  streams.add(res)
  res.once('close', () => {
    streams.delete(res)
    trace.off('request', onRequest).off('log', onLog).off('change', onChange)
  })
}

async function sendAction(demo: Demo, req: IncomingMessage, res: ServerResponse): Promise<void> {
  const request = await readJson(req)
  if (typeof request === 'number') return sendJson(res, request, { error: 'not_json' })
  if (!(await act(demo, request))) return sendJson(res, 400, { error: 'unknown_action' })
  return sendJson(res, 200, demo.state)
}

/** Every check on a token, for the rule of a route. It quotes the token: this is for the developer's own browser. */
async function sendExplanation(demo: Demo, req: IncomingMessage, res: ServerResponse) {
  const request = await readJson(req)
  if (typeof request === 'number') return sendJson(res, request, { error: 'not_json' })
  const { token, route } = request
  const access = Object.entries(ACCESS).find(([name]) => name === route)?.[1] ?? {}
  const explanation = await explain(demo.verifier, token, { access })
  return sendJson(res, 200, { explanation, state: demo.state })
}

/** Tokens for `curl`, as text. */
async function sendToken({ embedded, clock }: Demo, res: ServerResponse, kind = 'ada') {
  if (embedded === undefined) return sendJson(res, 404, { error: 'no_embedded_issuer' })
  const { issuer, authorization } = embedded
  const { access_token, id_token } = await authorization.issue(
    findUser(kind) ?? (USERS[0] as never),
  )
  const anHourAgo = Math.floor(clock.now() / 1_000) - ONE_HOUR
  const token = {
    id: id_token,
    expired: await issuer.accessToken({ iat: anHourAgo - ONE_HOUR, exp: anHourAgo }),
  }[kind]
  res.writeHead(200, { 'content-type': 'text/plain' }).end(token ?? access_token)
}

/** Reads a JSON object; otherwise returns the status of the response. */
async function readJson(req: IncomingMessage): Promise<ActionRequest | 400 | 415> {
  // a form of another site cannot send this type, and a script only after a preflight request, which fails
  if (!/^application\/json\b/i.test(req.headers['content-type'] ?? '')) return 415
  try {
    const value: unknown = JSON.parse((await readBody(req)) ?? '')
    return typeof value === 'object' && value !== null ? (value as ActionRequest) : 400
  } catch {
    return 400
  }
}
