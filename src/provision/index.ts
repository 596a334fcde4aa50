/** Provision as a library: what the command does, without the terminal and without `.env`. */
export type { Desired } from './desired.ts'
export { isToDo, type Step } from './plan.ts'
export { ProvisionError } from './problem.ts'
export { type Provisioning, type ProvisionOptions, planProvisioning } from './provision.ts'
