/** Longest return path that is kept; it travels in the `state` of the authorization request. */
const maximumLength = 2048

/** Going back to one of these after signing in would start over, or sign out again. */
const authRoutes = /^\/(sign-in|sign-up|sign-out|callback)(\/|$)/i

/**
 * The path to bring a person back to after signing in, if it is a path of this app; else the home page. Refused
 * are other origins in any spelling (`//e`, `/\e`, absolute, percent-encoded slashes, backslashes or controls in
 * the path, control characters anywhere), since a browser or a proxy may read them as another host (CWE-601).
 *
 * @param value what `return_to` said, if anything
 * @param baseUrl where the app is, without a trailing slash
 * @returns an absolute URL of ours, query and fragment kept
 */
export function returnUrl(value: unknown, baseUrl: string): string {
  const home = `${baseUrl}/`
  if (typeof value !== 'string' || value.length > maximumLength || !isPlainPath(value)) return home
  const { origin, pathname: basePath } = new URL(home)
  if (!URL.canParse(value, origin)) return home
  const url = new URL(value, origin)
  const ours = url.origin === origin && url.pathname.startsWith(basePath) && !url.pathname.startsWith('//')
  return ours && !authRoutes.test(`/${url.pathname.slice(basePath.length)}`) ? url.href : home
}

function isPlainPath(value: string): boolean {
  const [path = ''] = value.split(/[?#]/)
  return (
    /^\/(?![/\\])/.test(value) &&
    !/[\\\p{Cc}]/u.test(value) &&
    // However often it is encoded: %2F, %252F, … and likewise for the backslash and control characters.
    !/%(25)*(2f|5c|0[0-9a-f]|1[0-9a-f]|7f)/i.test(path)
  )
}
