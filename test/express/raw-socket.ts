/**
 * Bytes over a raw TCP connection, for requests that no client would send.
 */
import { connect } from 'node:net'
import { setImmediate as turn } from 'node:timers/promises'

/** The data for one connection. */
export interface Sending {
  /** Sent one after another, so that the parser gets them separately. */
  readonly pieces: readonly Buffer[]
  /** Whether to end the sending side afterwards: for requests that may be incomplete. */
  readonly half: boolean
}

const PATIENCE_MS = 10_000

/** Sends the data, and returns everything received until the server closed the connection. Rejects if it never does. */
export function talk(port: number, { pieces, half }: Sending): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true })
    const patience = setTimeout(() => reject(new Error(`no end: ${toText(pieces)}`)), PATIENCE_MS)
    let answer = ''
    socket.setEncoding('latin1').on('data', (chunk) => {
      answer += chunk
    })
    // a server that has rejected a request may reset the connection while more data arrives
    socket.on('error', () => socket.destroy())
    socket.on('end', () => socket.end())
    socket.on('close', () => {
      clearTimeout(patience)
      resolve(answer)
    })
    socket.once('connect', async () => {
      for (const piece of pieces) {
        if (socket.writable) socket.write(piece)
        await turn()
      }
      if (half && socket.writable) socket.end()
    })
  })
}

function toText(pieces: readonly Buffer[]): string {
  return JSON.stringify(Buffer.concat(pieces).toString('latin1'))
}
