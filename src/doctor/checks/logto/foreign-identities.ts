import { LiveCompanies } from '../../../companies/index.ts'
import { type Account, accountInWords, SHARED_FIX } from '../../../provision/accounts.ts'
import { ForeignIdentityError, type OwnDomains, ownDomains } from '../../../sso/company/own-domains.ts'
import { joined } from '../../../words/phrase.ts'
import { type Check, notTried } from '../../check.ts'
import { phrase } from '../../phrase.ts'
import { behindManagement, lastAccounts, management } from '../../steps/management.ts'

/** Whether an account has an identity of a company that may not speak for it: the app refuses such an account. */
export const foreignIdentities: Check = {
  id: 'foreign-identities',
  title: phrase`Accounts that another company has come to`,
  needs: ['management'],
  async examine(on) {
    const tried = phrase`compared the identities of the accounts that signed in last with the companies’ domains`
    const { connectors } = on.config
    if (connectors.length === 0) return notTried(tried, phrase`SSO_CONNECTORS is not set`)
    const api = await management(on)
    if ('absent' in api) return notTried(tried, behindManagement)
    const domains = ownDomains(new LiveCompanies(connectors))
    const isForeign = ({ email, identities }: Account) =>
      identities.some(({ issuer, detail }) =>
        [email, detail.email].some((address) => address && isRefused(domains, issuer, address)),
      )
    const accounts = await lastAccounts(on, api)
    const foreign = accounts.filter(isForeign)
    const answer = phrase`${accounts.length} looked at, ${foreign.length || phrase`none`} to be refused`
    if (foreign.length === 0) return { status: 'ok', tried, answer }
    return {
      status: 'broken',
      tried,
      answer,
      meaning: joined(
        foreign.map((account) => phrase`${accountInWords(account)}. The app lets nobody in as this account.`),
      ),
      fix: SHARED_FIX,
      blocks: false,
    }
  },
}

function isRefused(domains: OwnDomains, issuer: string, address: string): boolean {
  try {
    domains.check(issuer, address)
    return false
  } catch (error) {
    if (error instanceof ForeignIdentityError) return true
    throw error
  }
}
