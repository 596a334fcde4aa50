import type { Check } from '../check.ts'

/** What becomes of sessions when the process ends, or there are several. */
export const sessionStore: Check = {
  id: 'session-store',
  title: 'The store of sessions',
  needs: ['settings'],
  async examine({ config }) {
    const tried = 'looked where the app keeps its sessions'
    const answer = 'in the memory of its one process'
    if (!config.production) return { status: 'ok', tried, answer }
    return {
      status: 'warning',
      tried,
      answer,
      meaning: 'A restart signs everybody out, and a second process knows nobody who signed in at the first.',
      mend: 'Run one process of the app, and restart it when few people are at work.',
    }
  },
}
