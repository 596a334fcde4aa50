import { TTL } from '../../shared/provider/provider-defaults.ts'

/** How this Logto behaves. Read anew at every request, so that what is changed here counts at once. */
export interface Behaviour {
  /** Milliseconds by which answers of the token endpoint are late; what was asked for is done at once. */
  tokenDelay: number
  /** What the token endpoint answers instead of doing what was asked for: a status, or a connection reset. */
  tokenFailure: number | 'reset' | undefined
  /** Whether refresh tokens are refused whatever they are worth. */
  refusesRefresh: boolean
  /** `unavailable`: 503 on every path; `silent`: connections are taken and nothing is answered. */
  outage: 'unavailable' | 'silent' | undefined
  /** Seconds by which Logto's clock is ahead of this machine's; negative for behind. */
  clockAhead: number
  /** Seconds an access token is good for, of those issued from now on. */
  accessTokenTtl: number
  /** Whether every refresh gives a new refresh token, however young the old one is. */
  alwaysRotates: boolean
}

/** The faults among it, none of them there. */
const NO_FAULTS = {
  tokenDelay: 0,
  tokenFailure: undefined,
  refusesRefresh: false,
  outage: undefined,
  clockAhead: 0,
} satisfies Partial<Behaviour>

/** Logto as it should be. */
export const defaultBehaviour = (): Behaviour => ({
  ...NO_FAULTS,
  accessTokenTtl: TTL.AccessToken,
  alwaysRotates: false,
})

/** Takes the faults back; how tokens live and rotate is no fault, and stays. */
export function clearFaults(behaviour: Behaviour): void {
  Object.assign(behaviour, NO_FAULTS)
}
