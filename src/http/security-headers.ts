import { IncomingMessage, ServerResponse } from 'node:http'
import { Socket } from 'node:net'
import type { RequestHandler, Response } from 'express'
import helmet from 'helmet'
import { keepOutOfCaches } from './keep-out-of-caches.ts'

/**
 * Response headers that every answer carries: a content security policy without scripts or foreign origins, Helmet's
 * other headers, and that no cache keeps it. What may be kept says so itself.
 *
 * @param options.https whether the app is reached over https (then HSTS is sent)
 * @param options.formTargets origins a form of ours may end up at. Chromium applies `form-action` to the redirects
 *   after a form post too, and the sign-out form is redirected to Logto (w3c/webappsec-csp#8).
 */
export function securityHeaders({
  https,
  formTargets,
}: {
  https: boolean
  formTargets: readonly string[]
}): RequestHandler {
  const fromHelmet = helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        styleSrc: ["'self'"],
        imgSrc: ["'self'"],
        formAction: ["'self'", ...formTargets],
        baseUri: ["'none'"],
        frameAncestors: ["'none'"],
      },
    },
    // Other hosts of the domain are not this app's to speak for.
    strictTransportSecurity: https && { includeSubDomains: false },
    xFrameOptions: { action: 'deny' },
    // Under Helmet's default, `no-referrer`, browsers send `Origin: null` with our own forms (Fetch Standard,
    // "append a request Origin header"); and those that send no `Sec-Fetch-Site` could not be told from a stranger's.
    referrerPolicy: { policy: 'same-origin' },
  })
  const headers = headersOf(fromHelmet)
  return (_req, res, next) => {
    for (const [name, value] of headers) res.setHeader(name, value)
    keepOutOfCaches(res)
    next()
  }
}

/** Helmet's headers are the same for every request: it is asked once, with an answer that goes nowhere. */
function headersOf(fromHelmet: ReturnType<typeof helmet>): Array<readonly [string, string]> {
  const request = new IncomingMessage(new Socket())
  const response = new ServerResponse(request)
  fromHelmet(request, response, (error) => {
    if (error) throw error
  })
  return response.getHeaderNames().map((name) => [name, String(response.getHeader(name))] as const)
}

/** Lets this one answer show images of another origin, which every other answer's policy forbids. */
export function allowImagesFrom(res: Response, origin: string): void {
  const policy = String(res.get('Content-Security-Policy') ?? '')
  res.set('Content-Security-Policy', policy.replace("img-src 'self'", `img-src 'self' ${origin}`))
}
