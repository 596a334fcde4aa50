import type { Phrase, Text } from '../../words/phrase.ts'
import { phrase } from '../phrase.ts'
import type { ManagementFacts } from '../steps/management.ts'

/** Where things are fixed, by the names on the pages of the two consoles. */

/** The application's page in the Logto console. @param facts name it, where there are any */
export function applicationPage(appId: string, facts?: ManagementFacts): Phrase {
  const name = facts?.application?.name
  return phrase`Logto console → Applications → ${name ? `${name} (${appId})` : phrase`the one with App ID ${appId}`}`
}

export const enterpriseSsoSwitch = phrase`Logto console → Sign-in experience → Sign-up and sign-in → Advanced options → Enterprise SSO`

export const signUpSwitch = phrase`Logto console → Sign-in experience → Sign-up and sign-in → Advanced options → Enable user registration`

export const connectorPage = (name: Text) => phrase`Logto console → Enterprise SSO → ${name}`

/** The application's page in Okta. @param clientId recognises it */
export const oktaPage = (clientId: string) =>
  phrase`Okta Admin Console → Applications → Applications → the one with Client ID ${clientId} → General`

export const machinePage = phrase`Logto console → Applications → the machine-to-machine application`
