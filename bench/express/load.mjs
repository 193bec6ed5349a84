/**
 * The load generator: raw keep-alive connections that send prepared requests, so that it is never the bottleneck. Any response
 * other than a 200 ends the run.
 */
import { once } from 'node:events'
import { connect } from 'node:net'
import { answerMessages, readInput } from '../measure/child.mjs'
import { readTokens } from '../measure/fixtures.mjs'

const CONNECTIONS = 50
const HEADER_END = '\r\n\r\n'

const { folder } = readInput()
const requests = readTokens(folder, 'RS256').map(toRequest)

/** The connections of each port. */
const connections = new Map()

answerMessages({ requests: requests.length }, load)

/**
 * Sends the first `distinct` requests in rotation, starting at `from`, until the time is over and at least `atLeast` are sent.
 */
async function load({ port, distinct, from, forMs, atLeast = 0 }) {
  // opened once for each server, because opening them is not part of a request
  if (!connections.has(port)) connections.set(port, await openConnections(port))
  const before = performance.now()
  let sent = 0
  const next = () => {
    if (sent >= atLeast && performance.now() >= before + forMs) return undefined
    return requests[(from + sent++) % distinct]
  }
  await Promise.all(connections.get(port).map((connection) => sendInTurn(connection, next)))
  return { count: sent, ms: performance.now() - before }
}

function openConnections(port) {
  return Promise.all(Array.from({ length: CONNECTIONS }, () => openConnection(port)))
}

async function openConnection(port) {
  const socket = connect(port, '127.0.0.1').setNoDelay().setEncoding('latin1')
  await once(socket, 'connect')
  const connection = { socket, take: ignore, fail: ignore }
  socket.on('data', (chunk) => connection.take(chunk))
  socket.on('error', (error) => connection.fail(error))
  socket.on('close', () => connection.fail(new Error('the server closed a connection')))
  return connection
}

/** One request after another, until there is none left. */
function sendInTurn(connection, next) {
  return new Promise((resolve, reject) => {
    let text = ''
    const send = () => {
      const request = next()
      if (request) return connection.socket.write(request)
      connection.fail = ignore
      resolve()
    }
    connection.fail = reject
    connection.take = (chunk) => {
      text += chunk
      if (!isComplete(text)) return
      if (!text.startsWith('HTTP/1.1 200 ')) return reject(new Error(text))
      text = ''
      send()
    }
    send()
  })
}

function ignore() {
  // no caller waits for a response
}

/** Whether this is a whole response, for responses with a `Content-Length`. */
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
