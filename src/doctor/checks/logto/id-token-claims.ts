import { type Check, notTried } from '../../check.ts'
import { phrase } from '../../phrase.ts'
import { behindManagement, management } from '../../steps/management.ts'

const CLAIM = 'sso_identities'

/** Whether ID tokens say who a person is at their company; where not, the app asks Logto at each sign-in. */
export const idTokenClaims: Check = {
  id: 'id-token-claims',
  title: phrase`Who a person is at their company`,
  needs: ['management'],
  async examine(on) {
    const tried = phrase`read the ID token configuration by the Management API`
    const api = await management(on)
    if ('absent' in api) return notTried(tried, behindManagement)
    const claims = await api.idTokenClaims()
    if (!claims) {
      return { status: 'ok', tried, answer: phrase`not in the plan: the app asks userinfo at each sign-in` }
    }
    if (claims.includes(CLAIM)) return { status: 'ok', tried, answer: phrase`${CLAIM} is in ID tokens` }
    return {
      status: 'warning',
      tried,
      answer: claims.join(', ') || phrase`no extended claims`,
      meaning: phrase`ID tokens lack ${CLAIM}: each sign-in has to ask Logto's userinfo as well.`,
      fix: phrase`Run npm run provision; or PUT /api/configs/id-token of the Management API, with ${CLAIM} beside those.`,
    }
  },
}
