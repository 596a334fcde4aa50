import { readSamlMetadata } from '../../../provision/connection/saml-metadata.ts'
import { inWords } from '../../ask.ts'
import { type Check, notTried } from '../../check.ts'
import { connectorPage } from '../../findings/console-pages.ts'
import { showUrl } from '../../findings/show-url.ts'
import { unanswered } from '../../findings/unanswered.ts'
import { examineConnectors } from '../../steps/connector-stages.ts'
import { behindManagement, management, managementFacts } from '../../steps/management.ts'

/** Whether a SAML provider's metadata is there, and is still what Logto has read in it. */
export const samlMetadata: Check = {
  id: 'saml-metadata',
  title: "A SAML provider's metadata",
  needs: ['management', 'authorization-uri'],
  async examine(on) {
    const about = { id: 'saml-metadata', after: 'authorization-uri', protocol: 'saml' } as const
    if ('absent' in (await management(on))) return notTried('to read SAML metadata', behindManagement)
    const facts = await managementFacts(on)
    return examineConnectors(on, about, async ({ id, name }) => {
      const { config, providerConfig } = facts?.connectors.find((each) => each.id === id) ?? {}
      const read = providerConfig?.identityProvider
      const page = `${connectorPage(name)} → Connection`
      if (!read) {
        return {
          status: 'broken',
          tried: `asked Logto what it has read for ${name}`,
          answer: 'nothing',
          meaning: 'Logto cannot read the metadata, or it is not an identity provider’s.',
          fix: `${page}: correct the metadata URL, or the metadata.`,
        }
      }
      const known = `entity ID ${read.entityId}`
      if (!config?.metadataUrl) {
        return { status: 'ok', tried: `asked Logto what ${name} holds`, answer: `${known}, kept at Logto` }
      }
      const tried = `GET ${showUrl(config.metadataUrl)}`
      const asked = await on.ask(config.metadataUrl)
      if ('fault' in asked)
        return unanswered(tried, asked.fault, 'The metadata', { status: 'unknown', blocks: false })
      const there = readSamlMetadata(asked.text)
      if (!there) {
        return {
          status: 'broken',
          tried,
          answer: inWords(asked, on.secrets),
          meaning: 'What answers there is not the metadata of an identity provider.',
          fix: `${page} → Metadata URL: the address of the provider's metadata.`,
          blocks: false,
        }
      }
      if (there.entityId === read.entityId) return { status: 'ok', tried, answer: known }
      return {
        status: 'broken',
        tried,
        answer: `entity ID ${there.entityId}`,
        meaning: `Logto has read another entity ID: ${read.entityId}. Accounts are known by it.`,
        fix: `${page} → Metadata URL: that of ${read.entityId}; or run provision anew, if the provider has changed.`,
        blocks: false,
      }
    })
  },
}
