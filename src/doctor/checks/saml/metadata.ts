import { readSamlMetadata } from '../../../provision/connection/saml-metadata.ts'
import { inWords } from '../../ask.ts'
import { type Check, notTried } from '../../check.ts'
import { connectorPage } from '../../findings/console-pages.ts'
import { showUrl } from '../../findings/show-url.ts'
import { unanswered } from '../../findings/unanswered.ts'
import { phrase } from '../../phrase.ts'
import { examineConnectors } from '../../steps/connector-stages.ts'
import { behindManagement, management, managementFacts } from '../../steps/management.ts'

/** Whether a SAML provider's metadata is there, and is still what Logto has read in it. */
export const samlMetadata: Check = {
  id: 'saml-metadata',
  title: phrase`A SAML provider's metadata`,
  needs: ['management', 'authorization-uri'],
  async examine(on) {
    const about = { id: 'saml-metadata', after: 'authorization-uri', protocol: 'saml' } as const
    if ('absent' in (await management(on))) return notTried(phrase`to read SAML metadata`, behindManagement)
    const facts = await managementFacts(on)
    return examineConnectors(on, about, async ({ id, name }) => {
      const { config, providerConfig } = facts?.connectors.find((each) => each.id === id) ?? {}
      const read = providerConfig?.identityProvider
      const page = phrase`${connectorPage(name)} → Connection`
      if (!read) {
        return {
          status: 'broken',
          tried: phrase`asked Logto what it has read for ${name}`,
          answer: 'nothing',
          meaning: phrase`Logto cannot read the metadata, or it is not an identity provider’s.`,
          fix: phrase`${page}: correct the metadata URL, or the metadata.`,
        }
      }
      const known = `entity ID ${read.entityId}`
      if (!config?.metadataUrl) {
        return {
          status: 'ok',
          tried: phrase`asked Logto what ${name} holds`,
          answer: phrase`${known}, kept at Logto`,
        }
      }
      const tried = phrase`GET ${showUrl(config.metadataUrl)}`
      const asked = await on.ask(config.metadataUrl)
      if ('fault' in asked)
        return unanswered(tried, asked.fault, phrase`The metadata`, { status: 'unknown', blocks: false })
      const there = readSamlMetadata(asked.text)
      if (!there) {
        return {
          status: 'broken',
          tried,
          answer: inWords(asked, on.secrets),
          meaning: phrase`What answers there is not the metadata of an identity provider.`,
          fix: phrase`${page} → Metadata URL: the address of the provider's metadata.`,
          blocks: false,
        }
      }
      if (there.entityId === read.entityId) return { status: 'ok', tried, answer: known }
      return {
        status: 'broken',
        tried,
        answer: `entity ID ${there.entityId}`,
        meaning: phrase`Logto has read another entity ID: ${read.entityId}. Accounts are known by it.`,
        fix: phrase`${page} → Metadata URL: that of ${read.entityId}; or run provision anew, if the provider has changed.`,
        blocks: false,
      }
    })
  },
}
