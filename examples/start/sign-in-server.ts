/**
 * The issuer's sign-in page and token endpoint, as a user pool has them at its domain.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { Authorization } from './authorization.ts'
import { type Page, sendPageFile } from './page-files.ts'
import { toErrorPage, toSignInPage } from './sign-in-page.ts'
import { isOwn, readBody, sendJson, toHeaders } from './web.ts'

interface Settings {
  readonly authorization: Authorization
  readonly page: Page
  readonly origin: () => string
  /** Where the client is: the page of the demo. */
  readonly clientOrigin: () => string
  readonly isDown: () => boolean
}

const SEE_OTHER = 303

export function createSignInServer(settings: Settings): Server {
  return createServer((req, res) => {
    void handle(settings, req, res).catch(() => res.destroy())
  })
}

async function handle(settings: Settings, req: IncomingMessage, res: ServerResponse) {
  const { authorization, page, origin, clientOrigin, isDown } = settings
  const url = new URL(`${origin()}${req.url}`)
  const isToken = url.pathname === '/oauth2/token'
  setHeaders(res, clientOrigin(), isToken)
  if (`http://${req.headers.host}` !== origin()) return sendJson(res, 421, { error: 'wrong_host' })
  if (page.has(url.pathname)) return sendPageFile(page, req, res, url.pathname)
  if (isDown()) return isToken ? res.destroy() : sendDown(res, clientOrigin())
  switch (`${req.method} ${url.pathname}`) {
    case 'GET /oauth2/authorize':
      return sendSignIn(authorization, res, url.searchParams)
    case 'POST /login':
      return isOwn(req, origin())
        ? signIn(authorization, res, await readForm(req))
        : sendJson(res, 403, { error: 'cross_site' })
    case 'POST /oauth2/token':
      return sendTokens(authorization, res, await readForm(req))
    default:
      return sendJson(res, 404, { error: 'not_found' })
  }
}

function setHeaders(res: ServerResponse, client: string, isToken: boolean): void {
  const policy = { 'style-src': "'self'", 'img-src': "'self'", 'form-action': `'self' ${client}` }
  res.setHeaders(new Map(Object.entries(toHeaders(policy))))
  if (!isToken) return
  res.setHeader('access-control-allow-origin', client)
  res.setHeader('cross-origin-resource-policy', 'cross-origin')
  res.setHeader('vary', 'Origin')
}

function sendSignIn(authorization: Authorization, res: ServerResponse, form: URLSearchParams) {
  const request = authorization.readRequest(form)
  // never redirected: the redirect URI may be the one that is wrong
  if (typeof request === 'string') {
    return sendHtml(res, 400, toErrorPage(`The parameter “${request}” is missing or wrong.`))
  }
  return sendHtml(res, 200, toSignInPage(form))
}

function signIn(authorization: Authorization, res: ServerResponse, form: URLSearchParams) {
  const request = authorization.readRequest(form)
  const location =
    typeof request === 'string' ? undefined : authorization.signIn(request, form.get('username'))
  if (location === undefined) return sendHtml(res, 400, toErrorPage('The sign-in is not valid.'))
  return res.writeHead(SEE_OTHER, { location }).end()
}

async function sendTokens(
  authorization: Authorization,
  res: ServerResponse,
  form: URLSearchParams,
) {
  const tokens = await authorization.exchange(form)
  if (typeof tokens === 'string') return sendJson(res, 400, { error: tokens })
  return sendJson(res, 200, tokens)
}

function sendDown(res: ServerResponse, client: string): void {
  const text = 'The issuer is down: you took it down on the page of the demo.'
  sendHtml(res, 503, toErrorPage(text, client))
}

function sendHtml(res: ServerResponse, status: number, html: string): void {
  res.writeHead(status, { 'content-type': 'text/html; charset=utf-8' }).end(html)
}

async function readForm(req: IncomingMessage): Promise<URLSearchParams> {
  return new URLSearchParams((await readBody(req)) ?? '')
}
