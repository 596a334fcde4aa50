import type { Response } from 'express'

/** Lets this one answer load from a source what the content security policy of every other answer forbids. */
export function allow(res: Response, directive: 'img-src' | 'script-src', source: string): void {
  const policy = String(res.get('Content-Security-Policy'))
  const own = new RegExp(`${directive} [^;]*`)
  res.set(
    'Content-Security-Policy',
    own.test(policy) ? policy.replace(own, `$& ${source}`) : `${policy};${directive} ${source}`,
  )
}
