/**
 * A TCP switch in front of servers: what a failover changes for clients, and what a broken network is between two servers.
 */
import { once } from 'node:events'
import { connect, createServer } from 'node:net'

/** @param port - of the first server */
export async function startSwitch(port) {
  const sockets = new Set()
  let target = port
  const track = (socket) => {
    sockets.add(socket)
    socket.on('error', () => undefined).on('close', () => sockets.delete(socket))
    return socket
  }
  const endAll = () => {
    for (const socket of sockets) socket.destroy()
  }
  const server = createServer((client) => {
    if (target === undefined) return client.destroy()
    track(client)
    const onward = track(connect(target, '127.0.0.1'))
    client.pipe(onward).pipe(client)
    client.on('close', () => onward.destroy())
    onward.on('close', () => client.destroy())
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  return {
    port: server.address().port,
    /** Ends all connections. New ones lead to this server; to none without a port. */
    lead: (other) => {
      target = other
      endAll()
    },
    stop: () => {
      server.close()
      endAll()
    },
  }
}
