import type { Examination } from '../examination.ts'

/** Logto's own word that it is up. */
export const logtoStatus = (on: Examination) =>
  on.once(logtoStatus, () => on.ask(`${on.config.logto.endpoint}/api/status`))
