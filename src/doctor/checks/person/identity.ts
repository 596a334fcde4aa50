import { accountInWords } from '../../../provision/accounts.ts'
import { type Check, type Finding, notTried } from '../../check.ts'
import { phrase } from '../../phrase.ts'
import { behindManagement, management } from '../../steps/management.ts'
import { accountPage, accountWithEmail, accountWithIdentity, emailOf, isSame } from './person.ts'

/** Which account the person's Okta leads to: Logto goes by the identity there first, and by the email after it. */
export const personIdentity: Check = {
  id: 'person-identity',
  title: phrase`The account that the Okta of this person leads to`,
  needs: ['management', 'email-domain'],
  async examine(on) {
    const { address, domain } = emailOf(on)
    const tried = phrase`looked for the identity of ${address} among the accounts of Logto`
    const api = await management(on)
    if ('absent' in api) return notTried(tried, behindManagement)
    const { owner, id, connectorId } = await accountWithIdentity(on, api)
    if (!connectorId) return notTried(tried, phrase`no connector has ${domain} (see email-domain)`)

    const own = await accountWithEmail(on, api)
    const theirs = own?.identities.filter(({ ssoConnectorId }) => ssoConnectorId === connectorId) ?? []
    if (owner && owner.id !== own?.id) {
      const answer = accountInWords(owner)
      if (own) return { tried, answer, ...twoAccounts(owner.id, own.id, address) }
      if (owner.isSuspended) return { tried, answer, ...suspended(owner.id) }
      return isSame(owner.email, address)
        ? { status: 'ok', tried, answer }
        : { tried, answer, ...otherEmail(owner.id, owner.email, address) }
    }
    if (own && theirs.length > 0 && !owner && id) {
      return { tried, answer: accountInWords(own), ...otherPerson(own.id, id) }
    }
    if (own && theirs.length > 0) return { status: 'ok', tried, answer: accountInWords(own) }
    return {
      status: 'ok',
      tried,
      answer: own
        ? phrase`${own.id} has no identity of this connector yet: the first sign-in joins it by the verified email`
        : phrase`none yet: the first sign-in makes it`,
    }
  },
}

type Fault = Pick<Finding, 'status' | 'meaning' | 'fix'>

const twoAccounts = (owner: string, own: string, address: string): Fault => ({
  status: 'broken',
  meaning: phrase`Logto signs the person in as ${owner}, which has their identity, and not as ${own}, which has ${address}.`,
  fix: phrase`Where ${own} is the right one, delete the other (${accountPage(owner)} → Delete): the next sign-in joins ${own}. Where ${owner} is right, delete ${own}, and set the email of ${owner} to ${address}.`,
})

const suspended = (owner: string): Fault => ({
  status: 'broken',
  meaning: phrase`This account has the identity of the person, and is suspended: Logto lets nobody in as it.`,
  fix: phrase`${accountPage(owner)} → Reactivate user`,
})

const otherEmail = (owner: string, email: string | undefined, address: string): Fault => ({
  status: 'warning',
  meaning: phrase`Logto signs the person in as ${owner}, whose email is ${email ?? phrase`not set`}: it keeps that one when the address changes at Okta.`,
  fix: phrase`${accountPage(owner)} → Settings → Email: ${address}, if that is the address of the person now.`,
})

const otherPerson = (own: string, id: string): Fault => ({
  status: 'warning',
  meaning: phrase`The account has the identity of another user of this Okta, and not of ${id}, who has the address now. They may be two people, or one who was made anew at Okta.`,
  fix: phrase`Compare the two at Okta. If the earlier user is another person, delete the account (${accountPage(own)} → Delete): the person gets a new one at the next sign-in.`,
})
