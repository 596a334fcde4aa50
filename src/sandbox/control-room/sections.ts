import type { Section } from './section.ts'
import { calls } from './sections/calls.ts'
import { directory } from './sections/directory.ts'
import { faults } from './sections/faults.ts'
import { invitation } from './sections/invitation.ts'
import { leaving } from './sections/leaving.ts'
import { otherCompanies } from './sections/other-companies.ts'
import { people } from './sections/people.ts'
import { secondCompany } from './sections/second-company.ts'
import { sessions } from './sections/sessions.ts'
import { switches } from './sections/switches.ts'
import { wiring } from './sections/wiring.ts'

/** The control room from top to bottom. */
export const SECTIONS: readonly Section[] = [
  calls,
  faults,
  switches,
  people,
  leaving,
  otherCompanies,
  invitation,
  secondCompany,
  sessions,
  directory,
  wiring,
]
