import { type InEachLanguage, joined, type Phrase } from '../words/phrase.ts'
import { phrase } from './phrase.ts'

/** What the banner tells of the sandbox. */
interface BannerContents {
  logto: { endpoint: string }
  okta: { issuer: string }
  script: { appId: string; appSecret: string }
  password: string
  accounts: ReadonlyArray<{ email: string; shows: InEachLanguage }>
  newCompany: { company: string; link: string; console: string; administrator: string }
}

/**
 * What is printed when the sandbox has started: where to go, and as whom to sign in.
 *
 * @param baseUrl the app's address
 * @param sandbox what was started
 */
export function sandboxBanner(
  baseUrl: string,
  { logto, okta, script, password, accounts, newCompany }: BannerContents,
): Phrase {
  const width = Math.max(...accounts.map(({ email }) => email.length))
  return joined([
    '',
    phrase`Open ${baseUrl} and type an email, or start from the tile on Okta's dashboard.`,
    '',
    phrase`Accounts in the sandbox:`,
    ...accounts.map(({ email, shows }) => joined([`  ${email.padEnd(width)}  `, shows], '')),
    phrase`Password of all: ${password}`,
    phrase`A company’s provider remembers who signed in: try another account in a private window.`,
    '',
    phrase`To connect a company by hand, ${newCompany.company}, open its invitation`,
    `  ${newCompany.link}`,
    phrase`and, in a second window, its Okta's console as ${newCompany.administrator}`,
    `  ${newCompany.console}`,
    '',
    phrase`Logto, imitated: ${logto.endpoint}`,
    phrase`Okta, imitated:  ${okta.issuer}`,
    phrase`Control room:    ${logto.endpoint}/, where you see who calls whom, and can make things go wrong`,
    phrase`Script that may read ${`${baseUrl}/api/notes`}: ${`${script.appId}:${script.appSecret}`}`,
    phrase`For development only. Press Ctrl-C to stop everything.`,
    '',
    '',
  ])
}
