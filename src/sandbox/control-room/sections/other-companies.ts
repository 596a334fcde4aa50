import type { Section } from '../section.ts'

/** Companies whose providers are no Okta: their pages, and whom one can sign in as. */
export const otherCompanies: Section = {
  id: 'other_companies',
  count: ({ companies }) => companies.length,
  locals: ({ companies }) => ({ companies }),
}
