import { joined, type Text } from '../../../words/phrase.ts'
import type { Check, Finding } from '../../check.ts'
import { phrase } from '../../phrase.ts'
import { notRead } from '../okta/okta-api.ts'
import { emailOf, isSame, personAtOkta, personPage } from './person.ts'

/** Whether the person is at Okta, and may sign in there. */
export const personAtOktaCheck: Check = {
  id: 'person-at-okta',
  title: phrase`This person at Okta`,
  needs: ['person-company'],
  async examine(on) {
    const { address } = emailOf(on)
    const tried = phrase`looked for ${address} by Okta’s API`
    const look = await personAtOkta(on)
    if (!('person' in look)) return notRead(on, tried, look, phrase`look at ${personPage(address)}`)
    const { person, others } = look
    if (!person) {
      return {
        status: 'broken',
        tried,
        answer: phrase`nobody has this email or this login`,
        meaning: phrase`The person cannot sign in at Okta.`,
        fix: phrase`${personPage('Add person')}, or have them use the address that Okta has of them.`,
      }
    }
    const { status, profile } = person
    const more = joined(
      others.map((other) => phrase`; also ${other.profile.login}, ${other.status}`),
      '',
    )
    const found = { tried, answer: phrase`${profile.login} (${person.id}) is ${status}${more}` }
    const page = personPage(profile.login)
    const fault = faults[status]
    if (fault) {
      const { does, ...rest } = fault
      // Okta takes the apps away from whom it deactivates.
      return { ...found, ...rest, fix: phrase`${page}: ${does}`, blocks: status === 'DEPROVISIONED' }
    }
    if (status !== 'ACTIVE')
      return {
        ...found,
        status: 'unknown',
        meaning: phrase`This status is not known here.`,
        fix: phrase`Look at ${page}.`,
      }
    if (isSame(profile.email, address)) return { ...found, status: 'ok' }
    return {
      ...found,
      status: 'warning',
      meaning: phrase`This is the person’s login. Their email at Okta is ${profile.email ?? phrase`not set`}: that is what Okta tells Logto.`,
      fix: phrase`Run the doctor with that address, or set Primary email to ${address} at ${page} → Profile.`,
    }
  },
}

type Fault = Required<Pick<Finding, 'status' | 'meaning'>> & { does: Text }

/** Each status but ACTIVE, by Okta's names. */
const faults: Readonly<Record<string, Fault>> = {
  STAGED: {
    status: 'broken',
    meaning: phrase`The account has never been activated.`,
    does: phrase`Activate`,
  },
  PROVISIONED: {
    status: 'broken',
    meaning: phrase`The person has not followed the link of the activation email, and has no password yet.`,
    does: phrase`Resend activation email`,
  },
  RECOVERY: {
    status: 'warning',
    meaning: phrase`The password is being reset: the person signs in when they have chosen a new one.`,
    does: phrase`Reset password sends the link again`,
  },
  PASSWORD_EXPIRED: {
    status: 'warning',
    meaning: phrase`The password has expired: Okta asks for a new one before it goes on.`,
    does: phrase`Reset password, where the person does not know the old one`,
  },
  LOCKED_OUT: {
    status: 'broken',
    meaning: phrase`There were too many wrong passwords: Okta refuses the right one too.`,
    does: phrase`Unlock account`,
  },
  SUSPENDED: {
    status: 'broken',
    meaning: phrase`The account is suspended: Okta refuses the person until it is not.`,
    does: phrase`Unsuspend`,
  },
  DEPROVISIONED: {
    status: 'broken',
    meaning: phrase`The account is deactivated: Okta refuses the person, and has taken all apps away.`,
    does: phrase`Activate; then assign the app again`,
  },
}
