import type { Language } from '../../words/languages.ts'
import type { Desired, OtherProvider } from '../desired.ts'
import { providers } from '../providers/index.ts'
import { addressesOfConnector, type ConsoleStep, type Field, type Text } from '../providers/provider.ts'
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
  envFile: string,
  language: Language = 'en',
): string {
  const provider = providers[name]
  const at = {
    ...addressesOfConnector(logto.endpoint, known(wired, 'connectorId')),
    ...wired.serviceProvider,
  }
  const say = words[language]
  return [
    say.half(provider.label[language]),
    ...provider.steps(at, appName).flatMap((step, index) => linesOf(step, index + 1, language)),
    '',
    ...(values ? [] : [say.back(envFile), ...wantedBack(provider.fields, language), '']),
  ].join('\n')
}

const words = {
  en: {
    half: (label: string) => `The half of ${label} is its administrator's to make, in its console:`,
    back: (envFile: string) => `Then put into ${envFile}, and run provision again:`,
  },
  ja: {
    half: (label: string) => `${label} 側の設定は、その管理者がコンソールで行います：`,
    back: (envFile: string) => `その後、${envFile} に次を書き込み、provision をもう一度実行してください：`,
  },
} as const satisfies Record<Language, unknown>

function linesOf({ say, enter }: ConsoleStep, number: number, language: Language): string[] {
  const inWords = (value: string | Text) => (typeof value === 'string' ? value : value[language])
  return [
    `  ${number}. ${say[language]}`,
    ...enter.map(({ field, value }) => `       ${field[language]}: ${inWords(value)}`),
  ]
}

/** SAML metadata by its address, of the ways it has: it is the one that needs nobody when a certificate changes. */
const wantedBack = (fields: readonly Field[], language: Language): string[] =>
  fields
    .filter(({ name, required }) => required || name === 'metadataUrl')
    .map(({ name, hint }) => `  ${SETTING_OF[name]}=<${hint[language]}>`)
