import { addressesAt } from '../../sso/addresses.ts'
import { joined, type Phrase, type Text } from '../../words/phrase.ts'
import type { Desired } from '../desired.ts'
import { phrase } from '../problem.ts'
import { okta } from '../providers/okta.ts'
import { hookName, LEAVING_EVENTS } from './event-hook.ts'

/** Where Okta's Universal Logout calls the app. */
export const universalLogoutEndpoint = (baseUrl: string): string => addressesAt(baseUrl).globalTokenRevocation

/**
 * What to enter in Okta's console for the event hook, for whoever has no API token that may make it.
 *
 * @param connectorId of the company's connector
 * @param secret as it is shown: itself at a terminal, once; else how to get it
 */
export const eventHookByHand = (desired: Desired, connectorId: string, secret: Text): Phrase =>
  joined([
    phrase`By the event hook Okta tells the app of people who leave. Make it by hand, in the Okta admin console,
as a super administrator:`,
    '  Workflow → Event Hooks → Create Event Hook',
    `    Event Hook name         ${hookName(desired)}`,
    `    Endpoint URL            ${addressesAt(desired.baseUrl).oktaWebhook(connectorId)}`,
    '    Authentication field    authorization',
    joined(['    Authentication secret   ', secret], ''),
    joined(
      [
        '    Events                  ',
        phrase`each of these (a search finds it by its type, in parentheses):`,
      ],
      '',
    ),
    ...Object.entries(LEAVING_EVENTS).map(([type, name]) => `                            ${name} (${type})`),
    joined(
      [
        '  ',
        phrase`Then start the app where that address reaches it, and press Verify on the page of the event hook.`,
      ],
      '',
    ),
    '',
  ])

/** What to enter in Okta's console for Universal Logout, of which the API says at most whether it is there. */
export function universalLogoutByHand({ appName, baseUrl }: Desired): Phrase {
  const { say, enter } = okta.leaving(universalLogoutEndpoint(baseUrl), appName)
  return joined([
    phrase`Universal Logout, where the org has it (Okta Identity Engine), is set in the Okta admin console alone:`,
    joined(['  ', say], ''),
    ...enter.map(({ field, value }) => joined([`    ${field.en.padEnd(40)}`, value], '')),
    '',
  ])
}
