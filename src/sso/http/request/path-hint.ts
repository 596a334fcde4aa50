import type { RequestHandler } from 'express'
import { targetOf } from '../../request.ts'
import type { Logger } from '../logger.ts'

/**
 * Says once in the process's life that a request came without the path of `BASE_URL`, or with it twice: a proxy that takes
 * it off, or puts it before a path that has it, leaves nothing but pages that are not found, each of them as it should be.
 * For behind everything that has an answer.
 *
 * @param basePath of `BASE_URL`, such as `/crm`
 * @returns middleware that changes nothing
 */
export function pathHint(basePath: string, logger: Logger): RequestHandler {
  let said = false
  const isBelow = (target: string) =>
    target.toLowerCase().startsWith(basePath.toLowerCase()) && /^([/?]|$)/.test(target.slice(basePath.length))
  return (req, _res, next) => {
    const target = targetOf(req)
    const isTwice = isBelow(target) && isBelow(target.slice(basePath.length))
    if (!said && (isTwice || !isBelow(target))) {
      said = true
      logger.warn(
        { basePath },
        isTwice
          ? `A request came for a path that begins with ${basePath} twice, the path of BASE_URL. If a proxy in front of ` +
              `the app puts ${basePath} before each path, have it pass the path on as it is.`
          : `A request came for a path that does not begin with ${basePath}, the path of BASE_URL. If a proxy in front of ` +
              `the app takes ${basePath} off, have it pass the path on as it is (in nginx: proxy_pass without a path, not ` +
              `even a slash); if people reach the app without ${basePath}, correct BASE_URL.`,
      )
    }
    next()
  }
}
