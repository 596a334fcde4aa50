import type { Text } from '../../../words/phrase.ts'
import { errorIn, inWords, type OAuthErrorBody } from '../../ask.ts'
import type { Check, Finding } from '../../check.ts'
import type { Examination } from '../../examination.ts'
import { applicationPage } from '../../findings/console-pages.ts'
import { showUrl } from '../../findings/show-url.ts'
import { unanswered } from '../../findings/unanswered.ts'
import { phrase } from '../../phrase.ts'
import { authorizationAnswer, authorizationError, authorizationUrl } from '../../steps/logto-requests.ts'
import { factsIfAny } from '../../steps/management.ts'
import { tokenAnswer, tokenAnswerWithoutSecret } from '../../steps/token-answers.ts'

/** Whether Logto knows the application, and whether it is of the kind that can keep a secret and sign people in. */
export const appId: Check = {
  id: 'app-id',
  title: phrase`The application of LOGTO_APP_ID`,
  needs: ['logto-discovery'],
  async examine(on) {
    const tried = phrase`GET ${showUrl(await authorizationUrl(on))}`
    const asked = await authorizationAnswer(on)
    if ('fault' in asked) return unanswered(tried, asked.fault, 'Logto')
    const answer = inWords(asked, on.secrets)
    const error = authorizationError(asked)
    if (error?.code === 'invalid_client') return { tried, answer, ...unknown(on) }
    if (error && isGrantRefusal(error)) {
      return {
        tried,
        answer: `${asked.status} ${on.secrets.quote(error.words || error.code)}`,
        ...otherKind(on, 'Machine-to-machine'),
      }
    }
    const thirdParty = await thirdPartyFault(on, error, answer)
    if (thirdParty) return { tried, ...thirdParty }
    const kind = (await kindByManagement(on)) ?? (await publicKind(on)) ?? (await machineKind(on))
    if (kind) return { tried, answer: kind.answer, ...otherKind(on, kind.name) }
    if (error) return { status: 'ok', tried, answer: phrase`the application is known` } // the rest is for other links
    if (asked.status < 400)
      return { status: 'ok', tried, answer: phrase`${asked.status} to the sign-in page` }
    return {
      status: 'unknown',
      tried,
      answer,
      meaning: phrase`The answer tells nothing about the application.`,
      blocks: true,
    }
  },
}

function unknown({ config }: Examination): Pick<Finding, 'status' | 'meaning' | 'fix'> {
  const { appId, endpoint } = config.logto
  return {
    status: 'broken',
    meaning: phrase`The Logto at ${endpoint} has no application with the App ID ${appId}.`,
    fix: phrase`Copy “App ID” (Logto console → Applications → the app → Endpoints & Credentials) into LOGTO_APP_ID; now it is ${appId}. If it is right, LOGTO_ENDPOINT names another tenant.`,
  }
}

function otherKind({ config }: Examination, kind: Text): Pick<Finding, 'status' | 'meaning' | 'fix'> {
  const { appId } = config.logto
  return {
    status: 'broken',
    meaning: phrase`The application ${appId} is of the type ${kind}. This app needs a Traditional web application, which keeps a secret and signs people in.`,
    fix: phrase`An application's type cannot be changed: Logto console → Applications → Create application → Traditional web, and copy its App ID and App secret into LOGTO_APP_ID and LOGTO_APP_SECRET in place of ${appId}.`,
  }
}

/** Logto gives a third-party application only the scopes that its page grants, and refuses all others. */
async function thirdPartyFault(
  on: Examination,
  error: OAuthErrorBody | undefined,
  answer: Text,
): Promise<Omit<Finding, 'tried'> | undefined> {
  const application = (await factsIfAny(on))?.application
  if (application ? !application.isThirdParty : error?.code !== 'invalid_scope') return undefined
  const { appId } = on.config.logto
  return {
    status: 'broken',
    answer: error ? on.secrets.quote(`${error.code}: ${error.words}`) : answer,
    meaning: phrase`The application ${appId} is a third-party application: Logto does not give it the scopes that this app asks for, so that nobody can sign in.`,
    fix: phrase`That cannot be changed: Logto console → Applications → Create application → Traditional web (not under Third-party apps), and copy its App ID and App secret into LOGTO_APP_ID and LOGTO_APP_SECRET in place of ${appId}.`,
  }
}

/** A machine-to-machine application has neither the grant nor the response type (RFC 6749 §4.1.2.1). */
const isGrantRefusal = ({ code, words }: { code: string; words: string }) =>
  code === 'unauthorized_client' || /(response_type|grant type).* not allowed for this client/.test(words)

interface Kind {
  name: Text
  answer: Text
}

/** A public client, and no other, may ask for tokens without a secret (RFC 6749 §3.2.1). */
async function publicKind(on: Examination): Promise<Kind | undefined> {
  const asked = await tokenAnswerWithoutSecret(on)
  if ('fault' in asked || errorIn(asked)?.code !== 'invalid_grant') return undefined
  return {
    name: phrase`Single page app or Native app`,
    answer: phrase`tokens may be asked for without a secret`,
  }
}

/** The same at the token endpoint, for one that has no redirect URI to be refused at. */
async function machineKind(on: Examination): Promise<Kind | undefined> {
  const asked = await tokenAnswer(on)
  const error = 'fault' in asked ? undefined : errorIn(asked)
  if (!error || !isGrantRefusal(error)) return undefined
  return { name: 'Machine-to-machine', answer: on.secrets.quote(error.words || error.code) }
}

async function kindByManagement(on: Examination): Promise<Kind | undefined> {
  const application = (await factsIfAny(on))?.application
  if (!application || application.type === 'Traditional') return undefined
  return {
    name: application.type,
    answer: phrase`${applicationPage(application.id)} is of the type ${application.type}`,
  }
}
