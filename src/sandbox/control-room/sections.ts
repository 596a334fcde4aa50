import type { Section } from './section.ts'
import { calls } from './sections/calls.ts'
import { directory } from './sections/directory.ts'
import { faults } from './sections/faults.ts'
import { people } from './sections/people.ts'
import { sessions } from './sections/sessions.ts'
import { switches } from './sections/switches.ts'
import { wiring } from './sections/wiring.ts'

/** The control room from top to bottom. */
export const SECTIONS: readonly Section[] = [calls, faults, switches, people, sessions, directory, wiring]
