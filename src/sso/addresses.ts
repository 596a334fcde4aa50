/**
 * Every path of ours, below `BASE_URL`, once: for the table of routes, links, the addresses Logto knows, provision and
 * the doctor.
 */
export const paths = {
  signIn: '/sign-in',
  signUp: '/sign-up',
  callback: '/callback',
  signOut: '/sign-out',
  backchannelLogout: '/backchannel-logout',
  logtoWebhook: '/webhooks/logto',
  /** What only our own pages ask for. A host keeps its `/assets` and its `/language`. */
  assets: '/sso/assets',
  language: '/sso/language',
} as const

/** The parameter that marks a request as redirected to the host of `BASE_URL` already. */
export const hostChecked = 'host_checked'

/** The same as absolute addresses. @param baseUrl without a trailing slash */
export function addressesAt(baseUrl: string) {
  const at = (path: string) => baseUrl + path
  return {
    /** Where Logto sends people back to after a sign-in. It must be registered there, to the letter. */
    callback: at(paths.callback),
    /** Where Logto sends people back to after a sign-out. It must be registered there, to the letter. */
    home: at('/'),
    signIn: at(paths.signIn),
    signUp: at(paths.signUp),
    signOut: at(paths.signOut),
    backchannelLogout: at(paths.backchannelLogout),
    logtoWebhook: at(paths.logtoWebhook),
    language: at(paths.language),
  }
}
