import { commandLine } from '../../../settings/command-line.ts'
import { type Check, notTried } from '../../check.ts'
import { phrase } from '../../phrase.ts'
import { behindManagement, management, managementFacts } from '../../steps/management.ts'

/** Whether Logto gives access tokens for the app's API, with the permissions that its guards ask for. */
export const apiResource: Check = {
  id: 'api-resource',
  title: phrase`The API resource`,
  needs: ['management'],
  async examine(on) {
    const { apiResource: indicator } = on.config
    const names = on.wiring?.API_PERMISSIONS ?? []
    const tried = phrase`looked for the API resource ${indicator ?? phrase`of this app`} by the Management API`
    if (indicator === undefined)
      return notTried(tried, phrase`API_RESOURCE is not set, and no access token is taken`)
    const api = await management(on)
    if ('absent' in api) return notTried(tried, behindManagement)
    const resources = (await managementFacts(on))?.apiResources ?? []
    const resource = resources.find((candidate) => candidate.indicator === indicator)
    if (!resource) {
      const alike = resources.find(
        (candidate) => withoutSlash(candidate.indicator) === withoutSlash(indicator),
      )
      return {
        status: 'broken',
        tried,
        answer: alike ? phrase`there is none, but one at ${alike.indicator}` : phrase`there is none`,
        meaning: phrase`Logto gives nobody an access token for this app: the identifier is compared to the letter.`,
        fix: phrase`${alike ? phrase`Set API_RESOURCE to ${alike.indicator} and restart the app, or ` : ''}Logto console → API resources → Create API resource: API identifier ${indicator}${names.length > 0 ? phrase`, and its permissions ${names.join(', ')}` : ''}; or run ${commandLine('provision')}`,
      }
    }
    const present = resource.scopes.map(({ name }) => name)
    const missing = names.filter((name) => !present.includes(name))
    if (missing.length === 0)
      return { status: 'ok', tried, answer: phrase`permissions: ${present.join(', ') || phrase`none`}` }
    return {
      status: 'broken',
      tried,
      answer: phrase`permissions: ${present.join(', ') || phrase`none`}`,
      meaning: phrase`Logto gives access tokens without it, and the app refuses them with a 403.`,
      fix: phrase`Logto console → API resources → ${resource.name} (${resource.id}) → Permissions → Create permission: ${missing.join(', ')}; or run ${commandLine('provision')}`,
    }
  },
}

const withoutSlash = (indicator: string) => indicator.replace(/\/$/, '')
