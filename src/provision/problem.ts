import { visible } from '../settings/visible.ts'

/** Something that keeps provision from going on, in words for the person who runs it. No secret is ever in them,
 * and nothing that a terminal would obey: names and refusals of servers are in them. */
export class ProvisionError extends Error {
  override readonly name = 'ProvisionError'
  /** What is wrong. */
  readonly problem: string
  /** What to do about it. */
  readonly fix: string

  constructor(problem: string, fix: string, options?: ErrorOptions) {
    const [shown, way] = [visible(problem), visible(fix)]
    super(`${shown}\n  → ${way}`, options)
    this.problem = shown
    this.fix = way
  }
}

/** A server at fault itself (5xx), in words of its own or of what stands before it. */
export const faultAt = (address: string, status: number) =>
  new ProvisionError(
    `${address} answers with an error of its own (${status}).`,
    'Wait a while and run provision again; it goes on where it stopped.',
  )
