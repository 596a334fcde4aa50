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
  /** With the ID of a company's connector behind it. */
  oktaWebhook: '/webhooks/okta',
  globalTokenRevocation: '/global-token-revocation',
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
    /** Where a company's Okta sends what became of its people. @param company the ID of its connector at Logto */
    oktaWebhook: (company: string) => at(`${paths.oktaWebhook}/${company}`),
    /** Where a company's Okta asks for Universal Logout. */
    globalTokenRevocation: at(paths.globalTokenRevocation),
    language: at(paths.language),
  }
}
