/** Something that keeps provision from going on, in words for the person who runs it. No secret is ever in them. */
export class ProvisionError extends Error {
  override readonly name = 'ProvisionError'
  /** What is wrong. */
  readonly problem: string
  /** What to do about it. */
  readonly mend: string

  constructor(problem: string, mend: string, options?: ErrorOptions) {
    super(`${problem}\n  → ${mend}`, options)
    this.problem = problem
    this.mend = mend
  }
}

/** A server at fault itself (5xx), in words of its own or of what stands before it. */
export const faultAt = (address: string, status: number) =>
  new ProvisionError(
    `${address} answers with an error of its own (${status}).`,
    'Wait a while and run provision again; it goes on where it stopped.',
  )
