/**
 * One server in this process: one route, with the handlers of one contender before it. It reports its port and, on request, the
 * CPU time so far in microseconds: of its main thread, and of all its threads.
 */
import express from 'express'
import { answerMessages } from '../measure/child.mjs'
import { mainThreadMicros } from '../measure/cpu-time.mjs'

export function serve(handlers) {
  const app = express()
  app.get('/profile', ...handlers, (_req, res) => {
    res.json({ ok: true })
  })
  // Express's own handler prints each error
  app.use((error, _req, res, _next) => {
    res.status(error.status ?? 500).end()
  })
  const server = app.listen(0, '127.0.0.1', () => {
    answerMessages({ port: server.address().port }, () => ({
      micros: mainThreadMicros(),
      ofAllThreads: allThreadsMicros(),
    }))
  })
  // its connections stay open for their next turn
  server.keepAliveTimeout = 0
}

function allThreadsMicros() {
  const { user, system } = process.cpuUsage()
  return user + system
}
