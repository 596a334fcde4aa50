/** Raised for what cannot be written down, and for a place that cannot be asked. Its message and its fix are for people. */
export class CompaniesError extends Error {
  override readonly name = 'CompaniesError'
  readonly fix: string

  constructor(message: string, fix: string, options?: ErrorOptions) {
    super(message, options)
    this.fix = fix
  }
}
