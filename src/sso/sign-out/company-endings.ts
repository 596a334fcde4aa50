import { setTimeout as pause } from 'node:timers/promises'
import type { Request } from 'express'
import type { EndedBy } from '../../audit/events.ts'
import type { Logger } from '../http/logger.ts'
import { audit, recordOf } from '../request.ts'
import type { Ending } from '../session/backend/session-backend.ts'
import type { KnownSession, SessionStore } from '../session/session-store.ts'
import { cannotEnd } from './end-sessions.ts'

/** What a company's word ends, and what the audit log says of it. */
export interface CompanyEnding extends Ending {
  by: EndedBy
}

/** Endings that are one step of the store, that are kept while it is away, and whose hooks a host hears at a time. */
const most = { atOnce: 100, waiting: 100_000, heard: 50 }
/** How often it is looked whether the store is back, in milliseconds. */
const look = 250

/** An ending, and the request that said so. */
interface Said {
  ending: CompanyEnding
  req: Request
}

/** Carries out what companies say. */
export interface CompanyEndings {
  /**
   * Ends sessions and sign-ins in flight. Done, it is done for good; audit lines and revocations at Logto follow.
   *
   * @param req the company's request
   * @throws AppError 503 while the store is away, so that it is sent again; and it is not forgotten where it is not: this
   *   process keeps it until the store is back
   */
  end: (req: Request, endings: readonly CompanyEnding[]) => Promise<void>
  /** Tries once more, and says what is lost. To be called before the store is left. */
  close: () => Promise<void>
}

/**
 * @param context.revoke has Logto revoke the tokens of a session that has ended
 */
export function companyEndings({
  store,
  revoke,
  logger,
}: {
  store: SessionStore
  revoke: (session: object) => void
  logger: Logger
}): CompanyEndings {
  const waiting = new Map<string, Said>()
  let retrying = false

  /** @returns what could not be ended, and why */
  async function carryOut(
    said: readonly Said[],
  ): Promise<{ left: readonly Said[]; cause: unknown } | undefined> {
    for (let at = 0; at < said.length; at += most.atOnce) {
      const some = said.slice(at, at + most.atOnce)
      try {
        void follow(some, await store.endByCompany(some.map(({ ending }) => ending)))
      } catch (cause) {
        return { left: said.slice(at), cause }
      }
    }
    return undefined
  }

  /** What follows an end. Nobody waits for it. */
  async function follow(said: readonly Said[], ended: readonly KnownSession[]): Promise<void> {
    const byName = new Map<string, Said>(said.map((each) => [each.ending.name, each]))
    for (const { session } of ended) revoke(session)
    for (let at = 0; at < ended.length; at += most.heard) {
      const lines = ended
        .slice(at, at + most.heard)
        .flatMap(({ id, session: { claims, companyNames = [] } }) => {
          const { req, ending } = companyNames.map((name) => byName.get(name)).find(Boolean) ?? {}
          return req && ending
            ? audit(req, { audit: 'ended', by: ending.by, sub: claims?.sub ?? '', session: id })
            : []
        })
      await Promise.all(lines)
    }
  }

  function keep(req: Request, said: readonly Said[]): void {
    let lost = 0
    for (const each of said) {
      const { name, begunBy } = each.ending
      const known = waiting.get(name)
      if (known && known.ending.begunBy >= begunBy) continue
      if (known || waiting.size < most.waiting) waiting.set(name, each)
      else lost++
    }
    const counts = { kept: said.length - lost, ...(lost > 0 && { lost }) }
    recordOf(req).log.error(counts, 'what a company has ended is kept until the session store is back')
    if (!retrying) void retry()
  }

  async function retry(): Promise<void> {
    retrying = true
    while (waiting.size > 0) {
      await pause(look, undefined, { ref: false })
      if (store.backend.isReady()) await tryAll()
    }
    retrying = false
  }

  async function tryAll(): Promise<void> {
    const all = [...waiting.values()]
    const failed = await carryOut(all)
    const done = all.slice(0, all.length - (failed?.left.length ?? 0))
    // A later word of the same person may have come meanwhile.
    for (const each of done) if (waiting.get(each.ending.name) === each) waiting.delete(each.ending.name)
    if (done.length > 0) logger.info({ ended: done.length }, 'what a company has ended was carried out late')
  }

  return {
    async end(req, endings) {
      const latest = new Map<string, Said>()
      for (const ending of endings) {
        if ((latest.get(ending.name)?.ending.begunBy ?? -1) < ending.begunBy)
          latest.set(ending.name, { ending, req })
      }
      const failed = await carryOut([...latest.values()])
      if (!failed) return
      keep(req, failed.left)
      throw cannotEnd(failed.cause)
    },
    async close() {
      if (waiting.size > 0) await tryAll()
      const lost = waiting.size
      if (lost > 0) logger.error({ lost }, 'sessions that a company has ended are still there')
      waiting.clear()
    },
  }
}
