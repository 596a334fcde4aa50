import type { InEachLanguage } from '../../words/phrase.ts'
import { additions, type Step, union } from '../plan.ts'
import { phrase } from '../problem.ts'
import type { LogtoManagement } from './api/management.ts'

/** Tells who somebody is at their company, which the company's own word that they leave goes by. */
const CLAIM = 'sso_identities'

/**
 * Has ID tokens say who a person is at their company. Where the tenant cannot, the app asks userinfo at each sign-in.
 *
 * @param left takes a sentence where Logto refuses
 */
export async function planIdTokenClaims(logto: LogtoManagement, left: InEachLanguage[]): Promise<Step> {
  const claims = await logto.idTokenClaims()
  const changes = claims ? additions(phrase`extended claims`, claims, [CLAIM]) : []
  return {
    resource: phrase`Logto: claims of ID tokens`,
    action: changes.length > 0 ? 'change' : 'leave',
    changes,
    notes: claims ? [] : [withoutClaim],
    async apply() {
      if (!(await logto.setIdTokenClaims(union(claims ?? [], [CLAIM])))) left.push(withoutClaim)
    },
  }
}

const withoutClaim = phrase`This tenant's plan does not put ${CLAIM} into ID tokens: the app asks Logto for them at each sign-in instead, and nothing is to be done.`
