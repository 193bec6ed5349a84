/**
 * Raw keep-alive connections that send prepared requests, so that the client is never the bottleneck. Any response other than the
 * expected one ends the run.
 */
import { once } from 'node:events'
import { connect } from 'node:net'

const CONNECTIONS = 50
const HEADER_END = '\r\n\r\n'

/** The connections of each port. */
const connections = new Map()

/**
 * Sends what `next` returns, until it returns `undefined`, over 50 connections with one request at a time.
 * @returns how many milliseconds it took
 */
export async function sendAll(port, next, status = 200) {
  // opened once for each server, because opening them is not part of a request
  if (!connections.has(port)) connections.set(port, await openConnections(port))
  const before = performance.now()
  await Promise.all(connections.get(port).map((one) => sendInTurn(one, next, status)))
  return performance.now() - before
}

/** The bytes of a request with these header lines. */
export function toRequest(...lines) {
  const head = ['GET /profile HTTP/1.1', 'Host: 127.0.0.1', ...lines]
  return Buffer.from(`${head.join('\r\n')}${HEADER_END}`, 'latin1')
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
function sendInTurn(connection, next, status) {
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
      if (!text.startsWith(`HTTP/1.1 ${status} `)) return reject(new Error(text))
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
