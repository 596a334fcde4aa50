import { isIP } from 'node:net'
import { isLoopback, isLoopbackInBrowsers, loopbackPort } from './values/own-address.ts'

/** What of the config says where the app is. */
interface Whereabouts {
  readonly baseUrl: string
  readonly port: number
  readonly host: string | undefined
}

/**
 * What is taken as it is written, for it can be meant so, and yet keeps people from the app where it is not.
 *
 * @param withSandbox whether the app's Logto is the sandbox, which listens on loopback only
 * @param prefix of the settings' names, such as `PORTAL_`; `HOST` has none
 * @returns a sentence or two each
 */
export function settingHints(
  { baseUrl, port, host }: Whereabouts,
  withSandbox: boolean,
  prefix = '',
): string[] {
  const hints: string[] = []
  const wanted = loopbackPort(baseUrl)
  if (wanted !== undefined && wanted !== port) {
    hints.push(
      `${prefix}BASE_URL leads to port ${wanted} of this machine, and the app listens on port ${port}. Unless a proxy leads from one to the other, write ${prefix}PORT=${wanted}.`,
    )
  }
  if (wanted !== undefined && host && isOneAddress(host)) {
    hints.push(
      `${prefix}BASE_URL leads to this machine itself, and the app listens on ${host} only. Correct HOST or ${prefix}BASE_URL.`,
    )
  }
  if (withSandbox && !isLoopbackInBrowsers(new URL(baseUrl).hostname)) {
    hints.push(
      `BASE_URL is ${baseUrl}, and the sandbox listens on this machine only: from any other machine nobody can sign in. Leave out BASE_URL, or set LOGTO_ENDPOINT, LOGTO_APP_ID and LOGTO_APP_SECRET.`,
    )
  }
  return hints
}

/** Whether an address is neither of loopback nor all addresses of the machine. */
const isOneAddress = (host: string) =>
  isIP(host) !== 0 && !['0.0.0.0', '::', '::1'].includes(host) && !isLoopback(host)
