import { isExpiredSecret } from '../../../http-client/expired-secret.ts'
import { errorIn, inWords } from '../../ask.ts'
import { type Check, type Finding, notTried } from '../../check.ts'
import type { Examination } from '../../examination.ts'
import { applicationPage } from '../../findings/console-pages.ts'
import { unanswered } from '../../findings/unanswered.ts'
import { phrase } from '../../phrase.ts'
import { metadata } from '../../steps/logto-requests.ts'
import { factsIfAny } from '../../steps/management.ts'
import { tokenAnswer } from '../../steps/token-answers.ts'

/** Days before its end from which on a secret is worth a warning. */
const soon = 14
const day = 24 * 60 * 60 * 1000

/** Whether Logto takes the application's secret. */
export const appSecret: Check = {
  id: 'app-secret',
  title: phrase`The secret in LOGTO_APP_SECRET`,
  needs: ['app-id'],
  async examine(on) {
    const tried = phrase`POST ${(await metadata(on)).tokenEndpoint} with the secret and a code that nobody was given`
    const asked = await tokenAnswer(on)
    if ('fault' in asked) return unanswered(tried, asked.fault, 'Logto')
    const answer = inWords(asked, on.secrets)
    const ends = await endOfSecret(on)
    const error = errorIn(asked)
    const expired = error !== undefined && isExpiredSecret(error)
    switch (expired ? 'invalid_client' : error?.code) {
      case 'invalid_grant':
        return {
          tried,
          answer: phrase`${asked.status}: the secret is right, and only the code is not`,
          ...(await running(on, ends)),
        }
      case 'invalid_client':
        return { tried, answer, ...(await wrong(on, expired, ends)) }
      case 'invalid_redirect_uri': // of all that Logto asks of a client, that comes first
        return notTried(tried, phrase`because of redirect-uri`)
      default:
        return {
          status: 'unknown',
          tried,
          answer,
          meaning: phrase`The answer tells nothing about the secret.`,
        }
    }
  },
}

type Judgement = Pick<Finding, 'status' | 'meaning' | 'fix'>

async function wrong(on: Examination, expired: boolean, ends: number | undefined): Promise<Judgement> {
  const { appId } = on.config.logto
  const day = ends !== undefined && ends < on.now() ? phrase` It ended on ${dateOf(ends)}.` : ''
  return {
    status: 'broken',
    meaning:
      expired || day
        ? phrase`The secret in LOGTO_APP_SECRET has expired: nobody can sign in.${day}`
        : phrase`LOGTO_APP_SECRET is not a secret of the application ${appId}, or has expired.`,
    fix: phrase`Copy a value from ${applicationPage(appId, await factsIfAny(on))} → App secrets (or “Create new secret” there) into LOGTO_APP_SECRET, and restart the app.`,
  }
}

async function running(on: Examination, ends: number | undefined): Promise<Judgement> {
  if (ends === undefined || ends - on.now() > soon * day) return { status: 'ok' }
  const page = applicationPage(on.config.logto.appId, await factsIfAny(on))
  return {
    status: 'warning',
    meaning: phrase`The secret ends on ${dateOf(ends)}; then nobody can sign in.`,
    fix: phrase`${page} → App secrets → Create new secret; put it into LOGTO_APP_SECRET and restart the app before that day.`,
  }
}

/** When the secret in the settings ends, as far as the Management API tells; in milliseconds since 1970. */
async function endOfSecret(on: Examination): Promise<number | undefined> {
  const secrets = (await factsIfAny(on))?.secrets ?? []
  return secrets.find(({ value }) => value === on.config.logto.appSecret)?.expiresAt ?? undefined
}

const dateOf = (time: number) => new Date(time).toISOString().slice(0, 10)
