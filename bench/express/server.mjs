/**
 * One server in a separate process: one route, with one contender before it. It reports its port and, on request, the CPU time of
 * its main thread so far.
 */
import express from 'express'
import { answerMessages, readInput } from '../measure/child.mjs'
import { mainThreadMicros } from '../measure/cpu-time.mjs'
import { MIDDLEWARE } from './middleware.mjs'

const { name, setup } = readInput()
const app = express()
app.get('/profile', ...(await MIDDLEWARE[name].create(setup)), (_req, res) => {
  res.json({ ok: true })
})
const server = app.listen(0, '127.0.0.1', () => {
  answerMessages({ port: server.address().port }, () => ({ micros: mainThreadMicros() }))
})
// its connections stay open for their next turn
server.keepAliveTimeout = 0
