import { once } from 'node:events'
import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type Logger, pino } from 'pino'
import type { Config } from '../../settings/config.ts'
import { drainable } from './drain.ts'
import { stopGracefully } from './graceful-stop.ts'
import { readableLine } from './readable-log.ts'
import { answerRefusedRequests } from './refused-requests.ts'

/** A log as the settings have it: JSON for machines, or text for people. */
export const loggerFor = ({
  logLevel: level,
  readableLog,
}: Pick<Config, 'logLevel' | 'readableLog'>): Logger =>
  readableLog
    ? pino({ level }, { write: (line: string) => process.stdout.write(readableLine(line)) })
    : pino({ level })

/**
 * Listens, until a signal ends the process: then it takes no more, and finishes what is in flight.
 *
 * @param where to listen, and how long connections are kept and taken
 * @param parts.answer makes what answers, of a function that tells whether visitors may be sent here
 * @param parts.stop closes whatever else keeps the process alive; called as well where it cannot listen
 * @param parts.fail called with what `stop` raises
 * @throws the listen error (`code`, `port`)
 */
export async function serve(
  { port, host, keepAlive, drain: open }: Pick<Config, 'port' | 'host' | 'keepAlive' | 'drain'>,
  {
    logger,
    answer,
    stop,
    fail,
  }: {
    logger: Logger
    answer: (ready: () => boolean) => RequestListener
    stop: () => Promise<unknown>
    fail: (error: unknown) => never
  },
): Promise<Server> {
  const server = createServer({ keepAliveTimeout: keepAlive })
  const { drain, isDraining } = drainable(server, { open })
  answerRefusedRequests(server, logger)
  server.on(
    'request',
    answer(() => !isDraining()),
  )
  await once(server.listen({ port, host }), 'listening').catch(async (error) => {
    await stop()
    throw error
  })
  stopGracefully(async () => {
    const cut = await drain()
    if (cut > 0) logger.warn({ requests: cut }, 'requests were cut off: they did not finish in time')
    await stop()
  }, fail)
  return server
}

/** Where a server listens; `[::]` is every address of the machine. */
export function addressOf(server: Server): string {
  const { address, family, port } = server.address() as AddressInfo
  return `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`
}
