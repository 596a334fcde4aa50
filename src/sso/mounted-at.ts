import type { Request } from 'express'

/** Says where the routes have to be mounted, where they are not: Logto would send people back to another address. */
export function mountedAt(baseUrl: string): (req: Request) => void {
  const { pathname } = new URL(baseUrl)
  const expected = pathname === '/' ? '' : pathname
  const how = expected === '' ? 'app.use(sso.routes)' : `app.use('${expected}', sso.routes)`
  return (req) => {
    if (req.baseUrl.toLowerCase() === expected.toLowerCase()) return
    throw new Error(
      `sso.routes is mounted at ${req.baseUrl || '/'}, and BASE_URL is ${baseUrl}: write ${how}, or correct BASE_URL`,
    )
  }
}
