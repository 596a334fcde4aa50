/** The doctor as a library: what the command finds, as data. */
export type { Result } from './check.ts'
export { examine } from './examine.ts'
