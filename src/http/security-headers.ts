import type { RequestHandler, Response } from 'express'
import helmet from 'helmet'

/**
 * Response headers that every answer carries: a content security policy without scripts or foreign origins, and
 * Helmet's other headers.
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
  return helmet({
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
    // "append a request Origin header"), and POST /sign-out could not tell us from a stranger.
    referrerPolicy: { policy: 'same-origin' },
  })
}

/** Lets this one answer show images of another origin, which every other answer's policy forbids. */
export function allowImagesFrom(res: Response, origin: string): void {
  const policy = String(res.get('Content-Security-Policy') ?? '')
  res.set('Content-Security-Policy', policy.replace("img-src 'self'", `img-src 'self' ${origin}`))
}

/** Marks an answer as one person's own: never kept by a shared cache or by the browser (RFC 9111 §5.2.2). */
export const noStore: RequestHandler = (_req, res, next) => {
  res.set('Cache-Control', 'private, no-store')
  next()
}
