import type { Section } from '../section.ts'

/** Whom one can sign in as, and Okta's own pages. */
export const directory: Section = {
  id: 'directory',
  count: ({ accounts }) => accounts.length,
  locals: ({ accounts, okta }) => ({ accounts, oktaUrl: okta.url }),
}
