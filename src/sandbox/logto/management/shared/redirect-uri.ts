/** Web addresses, and the schemes of native applications: Logto takes either for any type of application. */
const PROTOCOL = /^(https?|[a-z][\w+-]*(\.[\w+-]+)*):$/

/** A segment of one or two dots, plain or encoded, which would climb out of the path that was registered. */
const DOT_SEGMENT = /^[^?#]*\/(\.|%2e){1,2}([/?#]|$)/i

/** Whether Logto takes it as a redirect URI. Logto takes some patterns with `*`, too; the sandbox has none. */
export function isRedirectUri(value: string): boolean {
  if (!URL.canParse(value) || value.includes('*') || DOT_SEGMENT.test(value)) return false
  return PROTOCOL.test(new URL(value).protocol)
}
