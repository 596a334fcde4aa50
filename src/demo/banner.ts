/** What the banner tells of the sandbox. */
interface BannerContents {
  logto: { endpoint: string }
  okta: { issuer: string }
  script: { appId: string; appSecret: string }
  password: string
  accounts: ReadonlyArray<{ email: string; shows: { en: string } }>
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
): string {
  const width = Math.max(...accounts.map(({ email }) => email.length))
  const people = accounts.map(({ email, shows }) => `  ${email.padEnd(width)}  ${shows.en}`)
  return [
    '',
    `Open ${baseUrl} and type an email, or start from the tile on Okta's dashboard.`,
    '',
    'Accounts in the sandbox:',
    ...people,
    `Password of all: ${password}`,
    'A company’s provider remembers who signed in: try another account in a private window.',
    '',
    `A company to connect by hand, ${newCompany.company}: open its invitation`,
    `  ${newCompany.link}`,
    `and, in a second window, its Okta's console as ${newCompany.administrator}`,
    `  ${newCompany.console}`,
    '',
    `Logto, imitated: ${logto.endpoint}`,
    `Okta, imitated:  ${okta.issuer}`,
    `Control room:    ${logto.endpoint}/, where you see who calls whom, and can make things go wrong`,
    `Script that may read ${baseUrl}/api/notes: ${script.appId}:${script.appSecret}`,
    'For development only. Press Ctrl-C to stop everything.',
    '',
    '',
  ].join('\n')
}
