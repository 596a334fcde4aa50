import { CompaniesError, type Place, removeCompany } from '../companies/index.ts'
import { managementApiOf } from '../provision/desired.ts'
import { managementClient } from '../provision/logto/api/management.ts'
import { managementFetch } from '../provision/patient-fetch.ts'
import type { Config, EnterpriseConnector } from '../settings/config.ts'
import { needs } from '../settings/missing-packages.ts'
import { visible } from '../settings/visible.ts'
import type { Language } from '../words/languages.ts'
import { joined, type Text } from '../words/phrase.ts'
import { phrase } from './phrase.ts'
import { isWanted } from './terminal/go-ahead.ts'
import { sayIn } from './terminal/say.ts'

interface Removal {
  config: Config
  place: Place
  given: { 'with-connector'?: boolean; yes?: boolean }
  language: Language
}

/**
 * Shows what a company's removal does, asks, and removes it.
 *
 * @returns the exit status: 1 where somebody declined
 * @throws CompaniesError where nobody may delete its connector, and that is asked for; whatever the place throws
 */
export async function offerRemoval(
  company: EnterpriseConnector,
  { config, place, given, language }: Removal,
): Promise<number> {
  const say = sayIn(language)
  const { id, organizationId } = company
  const name = visible(company.name)
  const logto = given['with-connector'] ? await managementOf(config) : undefined
  const lines: Text[] = [
    phrase`- remove  ${place.name}: company “${name}”`,
    phrase`            the sessions of its people end; its link and its domains lead there no more`,
    ...(logto
      ? [phrase`- delete  Logto: enterprise connector “${name}” (${id})`]
      : [
          phrase`= leave   Logto: enterprise connector “${name}” (${id})`,
          phrase`            its people can sign in at Logto with an address of its domains as before`,
        ]),
    ...(organizationId ? [phrase`= leave   Logto: organization ${organizationId}`] : []),
  ]
  say(phrase`Plan\n\n  ${joined(lines, '\n  ')}\n`)
  if (!given.yes && !(await isWanted(language))) {
    say(phrase`Nothing was changed.`)
    return 1
  }
  await removeCompany(place, id)
  await logto?.deleteConnector(id)
  say(phrase`Done. Each process of the app knows it within five seconds.`)
  return 0
}

async function managementOf({ logto, proxyFor }: Config) {
  const { LOGTO_M2M_APP_ID: appId, LOGTO_M2M_APP_SECRET: appSecret, LOGTO_MANAGEMENT_API } = process.env
  if (!logto || !appId || !appSecret) {
    throw new CompaniesError(
      phrase`Nobody may delete a connector at Logto with these settings.`,
      phrase`Set LOGTO_ENDPOINT, LOGTO_M2M_APP_ID and LOGTO_M2M_APP_SECRET, or leave out --with-connector.`,
    )
  }
  needs('provision', ['@logto/api'])
  const managementApi = LOGTO_MANAGEMENT_API || managementApiOf(logto.endpoint)
  return managementClient(
    { endpoint: logto.endpoint, managementApi, appId, appSecret },
    managementFetch({ proxyFor }),
  )
}
