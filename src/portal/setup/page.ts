import type { Response } from 'express'
import type { ProviderFinding } from '../../doctor/provider/finding.ts'
import { universalLogoutEndpoint } from '../../provision/okta/leaving-by-hand.ts'
import { providers } from '../../provision/providers/index.ts'
import { addressesOfConnector, type ConsoleStep, type FieldName } from '../../provision/providers/provider.ts'
import type { Language } from '../../words/languages.ts'
import { type Text, textIn } from '../../words/phrase.ts'
import { type Invitation, stageOf } from '../invitations/invitation.ts'
import type { PortalParts } from '../parts.ts'
import { companyOf, endOf, lastSignIns } from './state.ts'

/** Fields that most administrators leave alone, by the words of the fold that they are in. */
const folds: Readonly<Partial<Record<FieldName, 'other_ways' | 'attributes'>>> = {
  ...{ metadata: 'other_ways', entityId: 'other_ways', signInEndpoint: 'other_ways' },
  ...{ x509Certificate: 'other_ways', idAttribute: 'attributes', emailAttribute: 'attributes' },
  nameAttribute: 'attributes',
}

/** What somebody has just typed, and what is wrong with it. */
interface Attempt {
  typed: Readonly<Partial<Record<string, string>>>
  findings: readonly ProviderFinding[]
}

export type SetupPage = ReturnType<typeof setupPage>

/** The one page on which an administrator works: what is done, what is to do now, and what comes after it. */
export function setupPage(parts: Pick<PortalParts, 'config' | 'logto' | 'place'>) {
  const { config, logto } = parts

  /** @param attempt where something is wrong with it */
  async function show(res: Response, invitation: Invitation, attempt?: Attempt): Promise<void> {
    const language: Language = res.locals.language
    const say = (text: Text) => textIn(text, language)
    const connector = invitation.connectorId ? await logto.connector(invitation.connectorId) : undefined
    const company = invitation.connectorId ? await companyOf(parts, invitation.connectorId) : undefined
    const { secretEndsOn = '' } = attempt?.typed ?? company ?? {}
    const provider = invitation.provider && providers[invitation.provider]
    const at = addressesOfConnector(config.logto.endpoint, invitation.connectorId ?? '')
    const values: Readonly<Record<string, unknown>> = { ...connector?.config, ...attempt?.typed }
    const findings = attempt?.findings ?? []
    // What is said of a field follows its name.
    const labels = new Map(provider?.fields.map(({ name, label }) => [name, say(label)]))
    const said = ({ field, isBroken, problem, fix }: ProviderFinding) => ({
      ...{ label: field ? labels.get(field) : '', isBroken, problem: say(problem), fix: say(fix) },
    })
    const shown = (step: ConsoleStep) => ({
      say: say(step.say),
      enter: step.enter.map(({ field, value }) => ({
        field: say(field),
        value: say(value),
        // What has words of its own in each language is chosen in the console, or meant.
        isToCopy: typeof value === 'string',
      })),
    })
    const logoutUrl = universalLogoutEndpoint(config.whereabouts.baseUrl)
    const leaving = provider?.leaving?.(logoutUrl, config.appName)
    res.render('setup', {
      invitation,
      stage: stageOf(invitation),
      action: (step: string) => `${config.baseUrl}/setup/${invitation.id}/${step}`,
      choices: Object.values(providers).map(({ name, label }) => ({ name, label: say(label) })),
      provider: provider && {
        ...{ name: provider.name, label: say(provider.label) },
        steps: provider.steps(at, config.appName).map(shown),
        leaving: leaving && shown(leaving),
        fields: provider.fields.map(({ name, label, hint, input, required, preset = '' }) => {
          const value = values[name]
          return {
            ...{ name, label: say(label), hint: say(hint), input, required, preset, fold: folds[name] },
            // A secret is shown to nobody, whoever typed it.
            value: input === 'secret' || value === undefined ? '' : String(value),
            isKept: input === 'secret' && Boolean(connector?.config[name as 'clientSecret']),
            findings: findings.filter(({ field }) => field === name).map(said),
          }
        }),
      },
      findings: findings
        .filter(({ field }) => !provider?.fields.some(({ name }) => name === field))
        .map(said),
      read: connector && shownOf(connector.providerConfig),
      certificateEnd: endOf(connector?.providerConfig?.identityProvider?.certificateExpiresAt),
      secretEndsOn,
      secretEnd: company?.secretEndsOn ? endOf(Date.parse(company.secretEndsOn)) : undefined,
      signInAddress: company && `${config.whereabouts.baseUrl}/sign-in/${company.slug}`,
      signIns: invitation.switchedOnAt && company ? await lastSignIns(parts, company) : [],
      hasAttempt: attempt !== undefined,
    })
  }

  return { show }
}

type Read =
  Awaited<ReturnType<PortalParts['logto']['connector']>> extends infer Connector
    ? Connector extends { providerConfig?: infer Config }
      ? Config
      : never
    : never

/** What Logto has read at the provider, in the order in which it is shown: of a discovery document, or of SAML metadata. */
function shownOf(read: Read): Array<[name: string, value: string]> {
  const { issuer, authorizationEndpoint, tokenEndpoint, userinfoEndpoint, jwksUri } = read ?? {}
  const { entityId, signInEndpoint } = read?.identityProvider ?? {}
  const rows = {
    ...{ issuer, authorizationEndpoint, tokenEndpoint, userinfoEndpoint, jwksUri },
    ...{ entityId, signInEndpoint },
  }
  return Object.entries(rows).flatMap(([name, value]) => (value ? [[name, value]] : []))
}
