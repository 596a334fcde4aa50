/** A session at Logto, which is one browser's. */
export interface LogtoSession {
  uid: string
  userId: string
  /** When the person signed in, in milliseconds. */
  signedInAt: number
  /** The applications signed in to; `sid` is what their ID tokens call this session. */
  applications: Array<{ appId: string; sid: string; grantId: string | undefined; persistsLogout: boolean }>
}

/** Which of a session's grants go with it: all, those of the company's own applications, or as sign-out has it. */
export type RevokeGrants = 'all' | 'firstParty' | undefined
