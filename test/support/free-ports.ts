import { randomInt } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type Server } from 'node:net'

/** Below the ports that systems give out by themselves, so that no test that asks for any port gets one of these. */
const [lowest, highest] = [20_000, 32_000]

/**
 * Ports that nothing listens on at the moment, all different.
 *
 * @param count how many
 */
export async function freePorts(count: number): Promise<number[]> {
  const held = new Map<number, Server>()
  while (held.size < count) {
    const port = randomInt(lowest, highest)
    const server = createServer()
    // A port in use, by another program or held here already, is passed over.
    const listening = await once(server.listen(port), 'listening').catch(() => undefined)
    if (listening) held.set(port, server)
  }
  await Promise.all([...held.values()].map((server) => once(server.close(), 'close')))
  return [...held.keys()]
}
