import { setTimeout as pause } from 'node:timers/promises'
import type { RequestHandler } from 'express'
import { readCompanies, writeCompany } from '../../companies/index.ts'
import { planOrganization } from '../../provision/logto/organization.ts'
import { isToDo } from '../../provision/plan.ts'
import type { Wired } from '../../provision/wired.ts'
import { domainFrom } from '../../settings/values/email-domain.ts'
import { AppError, describeError } from '../../sso/index.ts'
import { audit } from '../audit.ts'
import { invitationOf, setupPath } from '../invitations/admission.ts'
import { advance, changedMeanwhile, type Invitation, stageOf } from '../invitations/invitation.ts'
import type { PortalParts, ReadyCompany } from '../parts.ts'
import { formOf } from './form.ts'

/** Milliseconds that a hook may take. */
const patience = 2000

/**
 * `POST /setup/:id/switch-on`: only now the connector gets the domains, and the app's people of them go straight to it.
 * Where it breaks off, doing it again does what is left.
 */
export function switchOn(parts: PortalParts): RequestHandler {
  const { config, place, logto, logger, onCompanyReady } = parts

  /** An operator may have given a domain away since the invitation. Whose it is now is not said. */
  async function assertFree({ connectorId, domains }: Invitation): Promise<void> {
    const others = (await logto.connectors()).filter(({ id }) => id !== connectorId)
    const taken = new Set(others.flatMap((other) => other.domains.map(domainFrom)))
    if (domains.some((domain) => taken.has(domain)))
      throw new AppError({ status: 409, code: 'domains_taken' })
  }

  /** Whoever signs in through the connector from now on is a member of it. A tenant's plan may have no room for one. */
  async function organizationOf(name: string, connectorId: string): Promise<string | undefined> {
    const wired: Wired = { connectorId }
    const steps = await planOrganization(logto, { name, ...config.organization }, wired, [])
    for (const step of steps.filter(isToDo)) await step.apply()
    return wired.organizationId
  }

  /** Logto takes in who is new. Those who have tried the connector are not, and an account may be gone since. */
  async function takeIn(testers: readonly string[], organizationId: string): Promise<void> {
    for (const sub of testers) {
      await logto.addMember(organizationId, sub).catch((error) => {
        logger.warn({ err: describeError(error), sub }, 'who has tried the connector is no member')
      })
    }
  }

  async function tell(company: ReadyCompany): Promise<void> {
    const late = Symbol('late')
    const hook = async () => onCompanyReady?.(company)
    try {
      const answer = await Promise.race([hook(), pause(patience, late, { ref: false })])
      if (answer === late) throw new Error(`no answer within ${patience} ms`)
    } catch (error) {
      logger.error({ err: describeError(error), event: 'company_ready' }, 'a hook failed')
    }
  }

  return async (req, res) => {
    const invitation = invitationOf(res)
    const { provider, connectorId, company, domains, testers = [] } = invitation
    if (stageOf(invitation) !== 'switch_on' || !provider || !connectorId) throw changedMeanwhile()
    const begun = await advance(place, { id: invitation.id, version: formOf(req).version }, {})
    await assertFree(invitation)
    const draft = (await readCompanies(place)).companies.find(({ id }) => id === connectorId)
    if (!draft) throw changedMeanwhile()
    await logto.changeConnector(connectorId, { domains })
    const organizationId = await organizationOf(company, connectorId)
    const joined = organizationId === undefined ? {} : { organizationId }
    if (organizationId !== undefined) await takeIn(testers, organizationId)
    await writeCompany(place, { ...draft, domains, ...joined }, config.connectors)
    await advance(place, begun, { switchedOnAt: Date.now() })
    audit(req, invitation, { audit: 'switched_on', connector: connectorId, domains })
    await tell({ company, domains, provider, connectorId, organizationId })
    res.redirect(303, config.baseUrl + setupPath(invitation.id))
  }
}
