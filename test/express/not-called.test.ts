/**
 * A function that is passed to Express without calling it gets a request: the error says how to call it.
 */
import type { ErrorRequestHandler, RequestHandler } from 'express'
import {
  authErrorHandler,
  protectedResourceMetadata,
  requireAccess,
  requireJwt,
} from 'jwt-gate/express'
import { expect, onTestFinished, test } from 'vitest'
import { EXPRESS_VERSIONS, type Express } from '../support/express-versions.ts'

async function ask(framework: Express, given: unknown): Promise<unknown> {
  const app = framework()
  let thrown: unknown
  app.get('/', given as RequestHandler)
  app.use(((error, _req, res, _next) => {
    thrown = error
    res.sendStatus(500)
  }) as ErrorRequestHandler)
  const server = app.listen(0, '127.0.0.1')
  onTestFinished(() => void server.close())
  await new Promise((resolve) => server.once('listening', resolve))
  const { port } = server.address() as { port: number }
  await fetch(`http://127.0.0.1:${port}/?hunter2`)
  return thrown
}

test.each([
  ['requireJwt(verifier)', requireJwt],
  ['requireAccess({ … })', requireAccess],
  ['authErrorHandler()', authErrorHandler],
  ['protectedResourceMetadata({ … })', protectedResourceMetadata],
])('%s', async (call, given) => {
  for (const [, framework] of EXPRESS_VERSIONS) {
    expect(await ask(framework, given)).toMatchObject({
      code: 'ERR_CONFIG_INVALID',
      message: `Write ${call}: without calling it, it gets a request as its argument`,
    })
  }
})
