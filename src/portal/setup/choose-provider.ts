import type { RequestHandler } from 'express'
import { removeCompany } from '../../companies/index.ts'
import { providers } from '../../provision/providers/index.ts'
import type { ProviderName } from '../../provision/providers/provider.ts'
import { AppError } from '../../sso/index.ts'
import { audit } from '../audit.ts'
import { invitationOf, setupPath } from '../invitations/admission.ts'
import { advance, changedMeanwhile, type Invitation } from '../invitations/invitation.ts'
import type { PortalParts } from '../parts.ts'
import { formOf } from './form.ts'

/**
 * `POST /setup/:id/provider`: makes the connector at Logto, without domains and without anything that opens the provider:
 * what is to be entered in the provider's console holds the connector's ID. Another choice takes the first one back.
 */
export function chooseProvider({ config, place, logto }: PortalParts): RequestHandler {
  async function takeBack({ connectorId }: Invitation): Promise<void> {
    if (!connectorId) return
    await removeCompany(place, connectorId)
    await logto.deleteConnector(connectorId)
  }

  /** One of before that was made and not written down, since something broke off, is used. */
  async function connectorFor(company: string, provider: ProviderName): Promise<string> {
    const there = (await logto.connectors()).find(({ connectorName }) => connectorName === company)
    if (!there)
      return (await logto.createConnector({ providerName: provider, connectorName: company, domains: [] })).id
    const isLeftOver = there.domains.length === 0 && Object.keys(there.config).length === 0
    if (isLeftOver && there.providerName === provider) return there.id
    const cause = new Error(`Logto has a connector “${company}” already`)
    throw new AppError({ status: 409, code: 'connector_name_taken', cause })
  }

  return async (req, res) => {
    const invitation = invitationOf(res)
    const { version, provider = '' } = formOf(req)
    if (!isProvider(provider)) throw new AppError({ status: 422, code: 'provider_unknown' })
    if (invitation.switchedOnAt) throw changedMeanwhile()
    if (invitation.provider !== provider || !invitation.connectorId) {
      const tried = { testing: undefined, test: undefined, testers: undefined }
      const none = { connectorId: undefined, connectedAt: undefined, ...tried }
      const begun = await advance(place, { id: invitation.id, version }, { provider, ...none })
      await takeBack(invitation)
      const connectorId = await connectorFor(invitation.company, provider)
      await advance(place, begun, { connectorId })
      audit(req, invitation, { audit: 'provider_chosen', provider, connector: connectorId })
    }
    res.redirect(303, config.baseUrl + setupPath(invitation.id))
  }
}

const isProvider = (name: string): name is ProviderName => Object.hasOwn(providers, name)
