import { joined, type Phrase, type Text } from '../../words/phrase.ts'
import type { Desired, OtherProvider } from '../desired.ts'
import { phrase } from '../problem.ts'
import { providers } from '../providers/index.ts'
import { addressesOfConnector, type ConsoleStep, type Field } from '../providers/provider.ts'
import { known, type Wired } from '../wired.ts'
import { SETTING_OF } from './read-provider.ts'

/**
 * What to enter in the console of a provider that provision does not write to, and what to bring back from there.
 *
 * @param wired with the connector, which is there by then
 * @param envFile the file of settings that was read
 */
export function providerByHand(
  { appName, logto, provider: { name, values } }: Desired & { provider: OtherProvider },
  wired: Wired,
  envFile: Text,
): Phrase {
  const provider = providers[name]
  const at = {
    ...addressesOfConnector(logto.endpoint, known(wired, 'connectorId')),
    ...wired.serviceProvider,
  }
  return joined([
    phrase`An administrator of ${provider.label} sets it up in its console:`,
    ...provider.steps(at, appName).flatMap((step, index) => linesOf(step, index + 1)),
    '',
    ...(values ? [] : [putBackInto(envFile), ...wantedBack(provider.fields), '']),
  ])
}

/** What stands above the settings that somebody brings back from a console. */
export const putBackInto = (envFile: Text) => phrase`Then put these into ${envFile}, and run provision again:`

const linesOf = ({ say, enter }: ConsoleStep, number: number): Text[] => [
  joined([`  ${number}. `, say], ''),
  ...enter.map(({ field, value }) => joined(['       ', phrase`${field}: ${value}`], '')),
]

/** SAML metadata by its address, of the ways it has: it is the one that needs nobody when a certificate changes. */
const wantedBack = (fields: readonly Field[]): Text[] =>
  fields
    .filter(({ name, required }) => required || name === 'metadataUrl')
    .map(({ name, hint }) => joined([`  ${SETTING_OF[name]}=<`, hint, '>'], ''))
