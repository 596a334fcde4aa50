import { type BlankSandbox, startBlankSandbox } from '../../src/sandbox/index.ts'

/** The email domain of everybody at the second company. */
export const SECOND_DOMAIN = 'bolt.example'

/** Starts one more Okta, of a company of its own; the Logto that comes with it stands idle. */
export async function startSecondOkta(): Promise<BlankSandbox> {
  const second = await startBlankSandbox({ logtoPort: 0, oktaPort: 0 })
  for (const { profile } of second.org.users) {
    profile.login = profile.login.replace(second.domain, SECOND_DOMAIN)
    profile.email = profile.login
  }
  return second
}
