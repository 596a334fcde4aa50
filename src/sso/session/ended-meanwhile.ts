import type { NewRow, SessionBackend } from './backend/session-backend.ts'
import { isOfCompany } from './session-data.ts'

/** Raised when a session was to begin whose person, or whose session at Logto, was ended in the meantime. */
export class EndedMeanwhileError extends Error {
  override readonly name = 'EndedMeanwhileError'
  /** Whether a company's word alone has ended it, which somebody is done with who proves anew who they are. */
  readonly byCompany: boolean

  constructor(byCompany: boolean) {
    super('ended while it was to begin')
    this.byCompany = byCompany
  }
}

/** Finds out whose word it was that kept a row from being made. @throws whatever the backend throws */
export async function endedMeanwhileError(
  backend: SessionBackend,
  { names, since }: Pick<NewRow, 'names' | 'since'>,
): Promise<EndedMeanwhileError> {
  const ofLogto = names.filter((name) => !isOfCompany(name))
  const ended = await Promise.all(ofLogto.map((name) => backend.wasEnded(name, since)))
  return new EndedMeanwhileError(!ended.includes(true))
}
