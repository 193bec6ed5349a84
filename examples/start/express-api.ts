/**
 * The Express API of the demo: three routes, each with its rule.
 */
import cors from 'cors'
import express, { type ErrorRequestHandler, type Express, type RequestHandler } from 'express'
import type { Verifier } from 'jwt-gate'
import { authErrorHandler, getAuth, requireAccess, requireJwt } from 'jwt-gate/express'
import { ACCESS } from './sample.ts'
import { type Trace, traced } from './trace.ts'

interface Settings {
  readonly verifier: Verifier
  readonly trace: Trace
  /** Where clients call it: the proof of a bound token names it. */
  readonly origin: () => string
  /** The origin whose pages may call the API; `undefined` for none. */
  readonly allowedOrigin: () => string | undefined
}

export function createExpressApi({ verifier, trace, origin, allowedOrigin }: Settings): Express {
  const app = express().disable('x-powered-by')
  const follow: RequestHandler = (req, res, next) =>
    trace.follow('express', req, () => {
      res.once('finish', () => trace.end(res.statusCode))
      res.setHeader('X-Request-Id', trace.currentId)
      trace.pass('received')
      next()
    })
  const passed: RequestHandler = (_req, _res, next) => {
    trace.pass('the rule is met')
    trace.pass('returned the claims')
    next()
  }
  const stopped: ErrorRequestHandler = (error, _req, _res, next) => {
    trace.stop(error)
    next(error)
  }

  app.use(follow)
  // before requireJwt: a preflight request carries no token
  app.use(whileAllowed(allowedOrigin))
  app.use(requireJwt(traced(verifier, trace), { origin }))
  for (const [route, rule] of Object.entries(ACCESS)) {
    const path = route.replace('GET ', '')
    app.get(path, requireAccess(rule), passed, (req, res) => res.json(getAuth(req).claims))
  }
  app.use(stopped)
  app.use(authErrorHandler({ onError: null, explain: trace.explainer(verifier) }))
  return app
}

function whileAllowed(allowedOrigin: Settings['allowedOrigin']): RequestHandler {
  return (req, res, next) => {
    const origin = allowedOrigin()
    if (origin === undefined) return next()
    const handle = cors({
      origin,
      methods: ['GET'],
      allowedHeaders: ['Authorization', 'DPoP'],
      exposedHeaders: ['WWW-Authenticate', 'Retry-After', 'X-Request-Id'],
      // so that each preflight can be seen
      maxAge: 0,
    })
    return handle(req, res, next)
  }
}
