import { setTimeout as pause } from 'node:timers/promises'
import type { RequestHandler } from 'express'
import { CompaniesError, writeCompany } from '../../companies/index.ts'
import type { ProviderFinding, Tried } from '../../doctor/provider/finding.ts'
import { ProvisionError } from '../../provision/problem.ts'
import { providers } from '../../provision/providers/index.ts'
import {
  addressesOfConnector,
  type ConnectorConfig,
  type Values,
} from '../../provision/providers/provider.ts'
import { readValues } from '../../provision/providers/values.ts'
import { audit } from '../audit.ts'
import { invitationOf, setupPath } from '../invitations/admission.ts'
import { advance, changedMeanwhile, type Invitation } from '../invitations/invitation.ts'
import type { PortalParts } from '../parts.ts'
import { formOf } from './form.ts'
import type { SetupPage } from './page.ts'

const UNPROCESSABLE = 422

/**
 * `POST /setup/:id/connect`: tries what was entered, and only where nothing is broken gives it to Logto. A secret that is
 * left empty stays the one that Logto has. What was typed is shown again with what is wrong at each field, but for
 * secrets; nothing of it is kept here.
 */
export function connect(parts: PortalParts, page: SetupPage): RequestHandler {
  const { config, place, logto, tryProvider, knownWithin } = parts

  return async (req, res) => {
    const seen = invitationOf(res)
    const { version, fields } = formOf(req)
    if (!seen.provider || !seen.connectorId || version !== seen.version) throw changedMeanwhile()
    const provider = providers[seen.provider]
    const current = (await logto.connector(seen.connectorId))?.config ?? {}
    const refuse = async (findings: readonly ProviderFinding[]) => {
      const about = { connector: seen.connectorId, fields: findings.flatMap(({ field }) => field ?? []) }
      audit(req, seen, 'values_refused', about)
      await page.show(res.status(UNPROCESSABLE), seen, { typed: fields, findings })
    }

    const clientSecret = fields.clientSecret?.trim() || current.clientSecret
    const read = readValues(provider, { ...fields, clientSecret })
    if ('faults' in read) return refuse(read.faults.map((fault) => ({ ...fault, isBroken: true })))
    const at = addressesOfConnector(config.logto.endpoint, seen.connectorId)
    const tried = await tryProvider(provider, read.values, at)
    if (tried.findings.some(({ isBroken }) => isBroken)) return refuse(tried.findings)
    const refused = await take(seen, { values: read.values, tried, current })
    if (refused) return refuse([refused])
    audit(req, seen, 'values_taken', { connector: seen.connectorId })
    res.redirect(303, config.baseUrl + setupPath(seen.id))
  }

  /** From here on another form of this page is old. Where something refuses, all is as it was. */
  async function take(
    seen: Invitation,
    { values, tried, current }: { values: Values; tried: Tried; current: ConnectorConfig },
  ): Promise<ProviderFinding | undefined> {
    const { provider: name = 'OIDC', connectorId: id = '', connectedAt, test, switchedOnAt } = seen
    const undone = { connectedAt: undefined, test: undefined, testing: undefined }
    const begun = await advance(place, seen, switchedOnAt ? {} : undone)
    try {
      // Before Logto takes anybody in through it, every process of the app knows whose people these are, and that they
      // speak for no domain yet: Logto would join them to whatever account has their address.
      const known = {
        id,
        name: seen.company,
        issuer: tried.issuer,
        domains: switchedOnAt ? seen.domains : [],
      }
      const clientId = values.clientId ? { clientId: values.clientId } : {}
      await writeCompany(place, { ...known, ...clientId, provider: name }, config.connectors)
      if (!switchedOnAt) await pause(knownWithin)
      await logto.enableSingleSignOn()
      await logto.changeConnector(id, { config: providers[name].connectorConfig(values, current) })
    } catch (error) {
      await advance(place, begun, { connectedAt, test })
      if (error instanceof CompaniesError) return notFree
      if (!(error instanceof ProvisionError)) throw error
      return refusedByLogto
    }
    await advance(place, begun, { connectedAt: Date.now() })
    return undefined
  }
}

const notFree: ProviderFinding = {
  isBroken: true,
  problem: {
    en: 'This provider cannot be connected here.',
    ja: 'このプロバイダーはここでは接続できません。',
  },
  fix: {
    en: 'Ask whoever invited you, and name the time of this try.',
    ja: '招待した担当者に、この操作をした時刻を添えてお問い合わせください。',
  },
}

const refusedByLogto: ProviderFinding = {
  isBroken: true,
  problem: {
    en: 'The sign-in service cannot use these values, though they work from here.',
    ja: 'ここからは正しく動作しますが、サインインサービスがこの値を使えません。',
  },
  fix: {
    en: 'See that your provider can be reached from the internet, and try again.',
    ja: 'プロバイダーがインターネットから到達できることを確認して、もう一度お試しください。',
  },
}
