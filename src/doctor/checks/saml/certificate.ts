import { certificateFrom } from '../../../provision/connection/saml-metadata.ts'
import { type Check, notTried } from '../../check.ts'
import { phrase } from '../../phrase.ts'
import { asFinding } from '../../provider/as-finding.ts'
import { certificateFindings } from '../../provider/try-saml.ts'
import { examineConnectors } from '../../steps/connector-stages.ts'
import { behindManagement, management, managementFacts } from '../../steps/management.ts'

/** Whether the certificate that a SAML provider signs with is good, and for how long. */
export const samlCertificate: Check = {
  id: 'saml-certificate',
  title: phrase`A SAML provider's certificate`,
  needs: ['saml-metadata'],
  async examine(on) {
    const about = { id: 'saml-certificate', after: 'saml-metadata', protocol: 'saml' } as const
    const tried = phrase`read the certificate that Logto has`
    if ('absent' in (await management(on))) return notTried(tried, behindManagement)
    const facts = await managementFacts(on)
    return examineConnectors(on, about, async (connector) => {
      const { id } = connector
      const read = facts?.connectors.find((each) => each.id === id)?.providerConfig?.identityProvider
      // Facts are visible: their line ends are written as JSON writes them.
      const certificate = certificateFrom(read?.x509Certificate.replace(/\\u000[ad]/g, '') ?? '')
      const [finding] = certificateFindings(certificate ? [certificate] : [], 'x509Certificate', on.now())
      const answer = certificate ? phrase`good until ${certificate.validTo}` : phrase`it cannot be read`
      if (!finding) return { status: 'ok', tried, answer }
      // What is behind it can be tried all the same.
      return { tried, answer, ...asFinding(connector, finding), blocks: false }
    })
  },
}
