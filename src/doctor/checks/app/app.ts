import { addressesAt } from '../../../sso/addresses.ts'
import type { Text } from '../../../words/phrase.ts'
import { type Answer, inWords } from '../../ask.ts'
import type { Check, Finding } from '../../check.ts'
import type { Examination } from '../../examination.ts'
import { showUrl } from '../../findings/show-url.ts'
import { unanswered } from '../../findings/unanswered.ts'
import { phrase } from '../../phrase.ts'
import {
  homePage,
  isHost,
  isOurs,
  leadsToBaseUrl,
  logtoIsDownForTheApp,
  signInAnswer,
} from '../../steps/app-pages.ts'
import { metadata } from '../../steps/logto-requests.ts'

/** Whether this app answers at BASE_URL, and goes by the same settings. */
export const app: Check = {
  id: 'app',
  title: phrase`The app at BASE_URL`,
  needs: ['settings'],
  async examine(on) {
    const { baseUrl } = on.config
    const tried = `GET ${baseUrl}/`
    const home = await homePage(on)
    if ('fault' in home) {
      const { words, fix } = home.fault
      const fault = {
        words,
        fix: phrase`${fix} The app is expected at BASE_URL=${baseUrl} (start it with npm start).`,
      }
      return unanswered(tried, fault, phrase`The app`)
    }
    const other = !isOurs(home) && (await isHost(on)) ? undefined : anotherApp(on, home)
    if (other) return { status: 'broken', tried, answer: inWords(home, on.secrets), ...other }

    const signIn = await signInAnswer(on)
    const triedSignIn = `GET ${baseUrl}/sign-in`
    if ('fault' in signIn) return unanswered(triedSignIn, signIn.fault, phrase`The app`)
    // That is for the links behind this one to find out.
    if (await logtoIsDownForTheApp(on)) {
      return { status: 'ok', tried, answer: phrase`this app; its /sign-in says that Logto is down` }
    }
    return (
      (await otherSettings(on, signIn)) ?? {
        status: 'ok',
        tried,
        answer: phrase`this app, with these settings`,
      }
    )
  },
}

function anotherApp({ config }: Examination, home: Answer): Pick<Finding, 'meaning' | 'fix'> | undefined {
  const { status } = home
  if (isOurs(home)) {
    if (status === 200) return undefined
    const meaning =
      status === 404 ? phrase`The app answers there, under another path.` : phrase`The app has a fault.`
    return {
      meaning,
      fix:
        status === 404
          ? phrase`Start the app with BASE_URL=${config.baseUrl}, or correct BASE_URL here.${passedOn(config.baseUrl)}`
          : phrase`Look for this request in the log of the app.`,
    }
  }
  const location = home.headers.get('location')
  if (status >= 300 && status < 400 && location) {
    const target = showUrl(location, config.baseUrl)
    return {
      meaning: phrase`What answers sends visitors on to ${target}.`,
      fix: phrase`Set BASE_URL to the address people really use, if it is ${showUrl(location.replace(/\/*([?#].*)?$/, ''), config.baseUrl)}.`,
    }
  }
  if (status >= 502 && status <= 504) {
    return {
      meaning: phrase`A proxy answers, and does not reach the app.`,
      fix: phrase`Start the app, and point the proxy at its port (PORT=${config.port}).`,
    }
  }
  return {
    meaning: phrase`Something answers there, and it is not this app.`,
    fix: phrase`Start the app there, or set BASE_URL to where it is; now it is ${config.baseUrl}.`,
  }
}

/** A proxy may also take the path off. */
function passedOn(baseUrl: string): Text {
  const { pathname } = new URL(baseUrl)
  return pathname === '/' ? '' : phrase` Have a proxy in front of it pass ${pathname} on as it is.`
}

async function otherSettings(on: Examination, signIn: Answer): Promise<Finding | undefined> {
  const { baseUrl, logto } = on.config
  const tried = `GET ${baseUrl}/sign-in`
  const location = signIn.headers.get('location')
  if (signIn.status !== 303 || !location || !URL.canParse(location)) {
    return {
      status: 'broken',
      tried,
      answer: inWords(signIn, on.secrets),
      meaning: phrase`The app does not begin to sign in, as it does with a redirect (303) to Logto.`,
      fix: phrase`Look for this request in the log of the app; then see that nothing before the app answers in its place.`,
    }
  }
  const { origin, pathname, searchParams } = new URL(location)
  const differences = leadsToBaseUrl(signIn)
    ? [`BASE_URL=${baseUrl}`]
    : [
        ...((await leadsToLogto(on, origin + pathname)) ? [] : [`LOGTO_ENDPOINT=${logto.endpoint}`]),
        ...(searchParams.get('client_id') === logto.appId ? [] : [`LOGTO_APP_ID=${logto.appId}`]),
        ...(searchParams.get('redirect_uri') === addressesAt(on.config.baseUrl).callback
          ? []
          : [`BASE_URL=${baseUrl}`]),
      ]
  if (differences.length === 0) return undefined
  return {
    status: 'broken',
    tried,
    answer: phrase`${signIn.status} to ${showUrl(location)}`,
    meaning: phrase`The running app has other settings than these.`,
    fix: phrase`Restart the app with ${differences.join(' ')}, or run the doctor with the settings of the app.`,
  }
}

async function leadsToLogto(on: Examination, target: string): Promise<boolean> {
  const known = await metadata(on).catch(() => undefined)
  if (known) return target === known.authorizationEndpoint
  return target.startsWith(`${on.config.logto.endpoint}/`)
}
