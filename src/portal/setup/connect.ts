import { setTimeout as pause } from 'node:timers/promises'
import type { RequestHandler } from 'express'
import { CompaniesError, type NewCompany, writeCompany } from '../../companies/index.ts'
import type { ProviderFinding, Tried } from '../../doctor/provider/finding.ts'
import { ProvisionError } from '../../provision/problem.ts'
import { providers } from '../../provision/providers/index.ts'
import {
  addressesOfConnector,
  type ConnectorConfig,
  type Provider,
  type Values,
} from '../../provision/providers/provider.ts'
import { readValues } from '../../provision/providers/values.ts'
import type { EnterpriseConnector } from '../../settings/companies/connector.ts'
import { dayFrom } from '../../settings/values/day.ts'
import { audit } from '../audit.ts'
import { invitationOf, setupPath } from '../invitations/admission.ts'
import { advance, changedMeanwhile, type Invitation } from '../invitations/invitation.ts'
import type { PortalParts } from '../parts.ts'
import { noDay, notFree, secretAnew, valuesRefused } from './findings.ts'
import { formOf } from './form.ts'
import type { SetupPage } from './page.ts'
import { companyOf } from './state.ts'

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
    const connector = seen.connectorId
    const provider = providers[seen.provider]
    const present = await companyOf(parts, connector)
    // Somebody has taken it away since; a new secret is not to bring it back.
    if (seen.switchedOnAt && !present) throw changedMeanwhile()
    const current = (await logto.connector(connector))?.config ?? {}
    const refuse = async (findings: readonly ProviderFinding[]) => {
      const wrong = findings.flatMap(({ field }) => field ?? [])
      audit(req, seen, { audit: 'values_refused', connector, fields: wrong })
      await page.show(res.status(UNPROCESSABLE), seen, { typed: fields, findings })
    }

    const typedDay = fields.secretEndsOn?.trim()
    const secretEndsOn = typedDay && dayFrom(typedDay)
    if (typedDay && !secretEndsOn) return refuse([noDay])
    const typedSecret = fields.clientSecret?.trim()
    // Whoever the issuer is from now on would be sent the secret of the one before.
    if (!typedSecret && current.clientSecret && isAnotherIssuer(provider, fields, current))
      return refuse([secretAnew])
    const clientSecret = typedSecret || current.clientSecret
    const read = readValues(provider, { ...fields, clientSecret })
    if ('faults' in read) return refuse(read.faults.map((fault) => ({ ...fault, isBroken: true })))
    const at = addressesOfConnector(config.logto.endpoint, connector)
    const tried = await tryProvider(provider, read.values, at)
    if (tried.findings.some(({ isBroken }) => isBroken)) return refuse(tried.findings)
    const refused = await take(seen, { values: read.values, tried, current, present, secretEndsOn })
    if (refused) return refuse([refused])
    audit(req, seen, { audit: 'values_taken', connector })
    res.redirect(303, config.baseUrl + setupPath(seen.id))
  }

  /** From here on another form of this page is old. Where something refuses, all is as it was. */
  async function take(
    seen: Invitation,
    { values, tried, current, present, secretEndsOn }: Taken,
  ): Promise<ProviderFinding | undefined> {
    const { provider: name = 'OIDC', connectorId: id = '', connectedAt, test, switchedOnAt } = seen
    const undone = { connectedAt: undefined, test: undefined, testing: undefined }
    const begun = await advance(place, seen, switchedOnAt ? {} : undone)
    try {
      // Before Logto takes anybody in through it, every process of the app knows whose people these are, and that they
      // speak for no domain yet: Logto would join them to whatever account has their address.
      const draft: NewCompany = { id, name: seen.company, domains: [] }
      // What the operator has said of it since stays.
      const { secretEndsOn: _, ...known } = switchedOnAt && present ? present : draft
      await writeCompany(
        place,
        {
          ...{ ...known, issuer: tried.issuer, provider: name },
          ...(values.clientId && { clientId: values.clientId }),
          ...(secretEndsOn && { secretEndsOn }),
        },
        config.connectors,
      )
      if (!switchedOnAt) await pause(knownWithin)
      await logto.enableSingleSignOn()
      await logto.changeConnector(id, { config: providers[name].connectorConfig(values, current) })
    } catch (error) {
      if (present) await writeCompany(place, present, config.connectors)
      await advance(place, begun, { connectedAt, test })
      if (error instanceof CompaniesError) return notFree
      if (!(error instanceof ProvisionError)) throw error
      return valuesRefused
    }
    await advance(place, begun, { connectedAt: Date.now() })
    return undefined
  }
}

type Fields = Readonly<Partial<Record<string, string>>>

/** What is to be written down of the values, and what was there before. */
interface Taken {
  values: Values
  tried: Tried
  current: ConnectorConfig
  present: EnterpriseConnector | undefined
  /** As `dayFrom` has it; empty or undefined where nobody has said it. */
  secretEndsOn: string | undefined
}

function isAnotherIssuer({ fields }: Provider, typed: Fields, { issuer }: ConnectorConfig): boolean {
  const field = fields.find(({ name }) => name === 'issuer')
  return field !== undefined && field.read(typed.issuer?.trim() ?? '') !== issuer
}
