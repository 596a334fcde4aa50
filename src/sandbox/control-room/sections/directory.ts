import { ACCOUNTS } from '../../company.ts'
import type { Section } from '../section.ts'

/** Whom one can sign in as, and Okta's own pages. */
export const directory: Section = {
  id: 'directory',
  count: () => ACCOUNTS.length,
  locals: ({ okta }) => ({ accounts: ACCOUNTS, oktaUrl: okta.url }),
}
