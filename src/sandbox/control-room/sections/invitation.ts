import type { Section } from '../section.ts'

/** An invitation to the portal, to be played with two browser windows: a company's administrator connects their Okta. */
export const invitation: Section = {
  id: 'invitation',
  locals: ({ invitation: { current } }) => ({ invitation: current }),
}
