/**
 * The load generator: raw keep-alive connections that send requests made beforehand, so that it is never the bottleneck.
 * Anything but a 200 ends the run.
 */
import { connect } from 'node:net'
import { answerMessages, readInput } from '../measure/child.mjs'
import { readTokens } from '../measure/fixtures.mjs'

const CONNECTIONS = 50
const HEADER_END = '\r\n\r\n'

const { folder } = readInput()
const requests = readTokens(folder, 'RS256').map(toRequest)

answerMessages({ requests: requests.length }, load)

/** Sends the first so many requests in rotation, from one of them on, until the time is over, and not fewer than `atLeast`. */
async function load({ port, distinct, from, forMs, atLeast = 0 }) {
  const before = performance.now()
  let sent = 0
  const next = () => {
    if (sent >= atLeast && performance.now() >= before + forMs) return undefined
    return requests[(from + sent++) % distinct]
  }
  await Promise.all(Array.from({ length: CONNECTIONS }, () => runConnection(port, next)))
  return { count: sent, ms: performance.now() - before }
}

/** One request after the other, until there is no next one. */
function runConnection(port, next) {
  return new Promise((resolve, reject) => {
    let text = ''
    const socket = connect(port, '127.0.0.1').setNoDelay().setEncoding('latin1')
    socket.on('connect', () => socket.write(next() ?? requests[0]))
    socket.on('error', reject)
    socket.on('close', () => reject(new Error('the server closed a connection')))
    socket.on('data', (chunk) => {
      text += chunk
      if (!isComplete(text)) return
      if (!text.startsWith('HTTP/1.1 200 ')) return reject(new Error(text))
      text = ''
      const request = next()
      if (request) return socket.write(request)
      resolve()
      socket.destroy()
    })
  })
}

/** Whether this is a whole response, of those that have a `Content-Length`. */
function isComplete(text) {
  const headerEnd = text.indexOf(HEADER_END)
  if (headerEnd < 0) return false
  const [, length] = /\r\ncontent-length: (\d+)/i.exec(text) ?? []
  return text.length >= headerEnd + HEADER_END.length + Number(length)
}

function toRequest(token) {
  const lines = ['GET /profile HTTP/1.1', 'Host: 127.0.0.1', `Authorization: Bearer ${token}`]
  return Buffer.from(`${lines.join('\r\n')}${HEADER_END}`, 'latin1')
}
