import { forgetIdentities } from '../../second-company.ts'
import type { Section } from '../section.ts'

/** Another company, whose Okta gives out an address of the first one: Logto joins its person to that account. */
export const secondCompany: Section = {
  id: 'second_company',
  locals: ({ secondCompany: { current } }) => ({ company: current() }),
  actions: {
    'second-company': ({ secondCompany: { start } }) => start(),
    'second-company-forget': ({ tenant, secondCompany: { current } }) => {
      const company = current()
      if (company) forgetIdentities(tenant, company)
    },
  },
}
