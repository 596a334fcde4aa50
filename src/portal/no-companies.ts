import type { Place } from '../companies/index.ts'

/** A place of companies that has none: who is tried through the portal is nobody's to refuse. */
export const noCompanies: Place = {
  name: 'none',
  mayForget: false,
  version: async () => undefined,
  read: async () => ({ version: undefined, texts: new Map() }),
  write: async () => false,
  close: async () => {},
}
