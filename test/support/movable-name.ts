import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

/** A name that can be made to lead elsewhere: for new connections, as a name does, while those that are there stay. */
export interface MovableName {
  port: number
  leadTo: (port: number) => void
  close: () => Promise<void>
}

/** Stands for a name in DNS before servers on this machine. @param first the port it leads to */
export async function movableName(first: number): Promise<MovableName> {
  let target = first
  const sockets = new Set<Socket>()
  const keep = (socket: Socket) => {
    sockets.add(socket)
    socket.on('error', () => {}) // either side may go first
    socket.on('close', () => sockets.delete(socket))
    return socket
  }
  const server = createServer((socket) => {
    const onward = keep(connect(target, '127.0.0.1'))
    keep(socket).pipe(onward).pipe(socket)
    socket.on('close', () => onward.destroy())
    onward.on('close', () => socket.destroy())
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    leadTo(port) {
      target = port
    },
    async close() {
      const closed = once(server.close(), 'close')
      for (const socket of sockets) socket.destroy()
      await closed
    },
  }
}
