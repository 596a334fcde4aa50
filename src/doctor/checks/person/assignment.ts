import type { Text } from '../../../words/phrase.ts'
import { type Check, notTried } from '../../check.ts'
import { phrase } from '../../phrase.ts'
import { notRead, oktaFacts, readAtOkta } from '../okta/okta-api.ts'
import { emailOf, personAtOkta } from './person.ts'

/** Whether the person may use the company's app at Okta, by name or by a group. */
export const personAssignment: Check = {
  id: 'person-assignment',
  title: phrase`The app at Okta, for this person`,
  needs: ['person-at-okta'],
  async examine(on) {
    const { address } = emailOf(on)
    const tried = phrase`looked for ${address} among those who are assigned to the app at Okta`
    const pageOf = (name: Text) =>
      phrase`Okta Admin Console → Applications → Applications → ${name} → Assignments`
    const page = pageOf(phrase`the app`)
    const look = await personAtOkta(on)
    if (!('person' in look)) return notRead(on, tried, look, phrase`look at ${page}`)
    const facts = await oktaFacts(on)
    if (!('company' in facts)) return notRead(on, tried, facts, phrase`look at ${page}`)
    const { app, company } = facts
    const { person } = look
    if (!app || !person) {
      return notTried(
        tried,
        phrase`Okta’s API shows no app with the clientId that SSO_CONNECTORS has for “${company.name}” (${company.clientId ?? phrase`none`}); look at ${page}`,
      )
    }
    // Federation Broker Mode: nobody has to be assigned.
    if (app.settings.implicitAssignment)
      return { status: 'ok', tried, answer: phrase`“${app.label}” is for everybody in the org` }
    const read = await readAtOkta(on, async (okta) => ({
      assignment: await okta.assignmentOf(app.id, person.id),
    }))
    if (!('assignment' in read)) return notRead(on, tried, read, phrase`look at ${page}`)
    if (read.assignment) {
      const how = read.assignment.scope === 'GROUP' ? phrase`by a group` : phrase`by name`
      return { status: 'ok', tried, answer: phrase`assigned to “${app.label}” ${how}` }
    }
    return {
      status: 'broken',
      tried,
      answer: phrase`not assigned to “${app.label}”`,
      meaning: phrase`Okta refuses the person for this app (“User is not assigned to the client application.”).`,
      fix: phrase`${pageOf(app.label)} → Assign: ${person.profile.login}, or a group that they are in.`,
    }
  },
}
