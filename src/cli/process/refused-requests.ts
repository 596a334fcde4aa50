import { type Server, type ServerResponse, STATUS_CODES } from 'node:http'
import { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { type Logger, newReference } from '../../sso/index.ts'

/** Milliseconds in which the answer is read before the connection is cut. */
const patience = 1000

const refusals: Readonly<Record<string, { status: number; message: string }>> = {
  HPE_HEADER_OVERFLOW: {
    status: 431,
    message:
      "The address or the headers are longer than this server reads. Deleting this site's cookies may help.",
  },
  HPE_CHUNK_EXTENSIONS_OVERFLOW: { status: 413, message: 'The request is longer than this server reads.' },
  ERR_HTTP_REQUEST_TIMEOUT: { status: 408, message: 'The request took too long to arrive.' },
}
const malformed = { status: 400, message: 'The request cannot be read.' }

/**
 * Answers and logs what Node.js refuses before there is a request: headers too long or too slow, and what is no
 * HTTP at all. One line each, without a byte of what was sent, and then the connection ends.
 */
export function answerRefusedRequests(server: Server, logger: Logger): void {
  const latest = new WeakMap<Duplex, ServerResponse>()
  const refused = new WeakSet<Duplex>()
  server.on('request', (req, res) => latest.set(req.socket, res))
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    if (refused.has(socket)) return // the rest of what was refused already
    refused.add(socket)
    if (!socket.writable) {
      socket.destroy() // who left was not refused
      return
    }

    const { status, message } = refusals[error.code ?? ''] ?? malformed
    const reference = newReference()
    const address = socket instanceof Socket ? socket.remoteAddress?.replace(/^::ffff:/, '') : undefined
    logger.warn({ reference, code: error.code, address, res: { status } }, 'request refused')
    const answer = latest.get(socket)
    if (answer?.headersSent && !answer.writableFinished) {
      socket.destroy() // in the middle of an answer there is no room for another
      return
    }
    socket.end(plainAnswer(status, `${message}\nReference ${reference}\n`))
    // Cut at once, a visitor who is still sending would lose the answer (RFC 9112 §9.6).
    const timer = setTimeout(() => socket.destroy(), patience).unref()
    socket.once('close', () => clearTimeout(timer))
  })
}

function plainAnswer(status: number, text: string): string {
  return [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    'Connection: close',
    `Date: ${new Date().toUTCString()}`,
    'Cache-Control: private, no-store',
    'Content-Type: text/plain; charset=utf-8',
    'X-Content-Type-Options: nosniff',
    `Content-Length: ${Buffer.byteLength(text)}`,
    '',
    text,
  ].join('\r\n')
}
