import type { Check } from '../../check.ts'
import { oktaPage } from '../../findings/console-pages.ts'
import { showUrl } from '../../findings/show-url.ts'
import { phrase } from '../../phrase.ts'
import { asFinding } from '../../provider/as-finding.ts'
import { notRegistered } from '../../provider/openid-words.ts'
import { examineConnectors } from '../../steps/connector-stages.ts'
import { connectorRedirectUri } from '../../steps/interaction.ts'
import { oktaAnswer } from '../../steps/okta-verdict.ts'

/** Whether Okta may send people back to Logto. */
export const oktaRedirect: Check = {
  id: 'okta-redirect',
  title: phrase`The connector's redirect URI at Okta`,
  needs: ['okta-client'],
  examine: (on) =>
    examineConnectors(
      on,
      { id: 'okta-redirect', after: 'okta-client', protocol: 'oidc' },
      async (connector) => {
        const { id, provider } = connector
        const { verdict, answer, uri } = await oktaAnswer(on, id)
        const tried = phrase`GET ${showUrl(uri)}`
        if (verdict === 'accepted' || verdict === 'scope') return { status: 'ok', tried, answer }
        if (verdict !== 'redirect') {
          return {
            status: 'unknown',
            tried,
            answer,
            meaning: phrase`The answer does not come to the redirect URI.`,
          }
        }
        const wanted = connectorRedirectUri(on, id)
        if (provider.name !== 'Okta') {
          return { tried, answer, ...asFinding(connector, notRegistered(wanted)) }
        }
        return {
          status: 'broken',
          tried,
          answer,
          meaning: phrase`Okta may not send people back to ${wanted}: it compares to the letter.`,
          fix: phrase`${oktaPage(new URL(uri).searchParams.get('client_id') ?? '')} → General Settings → Sign-in redirect URIs: add ${wanted}`,
        }
      },
    ),
}
