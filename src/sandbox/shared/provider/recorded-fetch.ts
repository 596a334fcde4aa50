import type { CallLog } from '../call-log.ts'
import { fetchLoopback } from './provider-defaults.ts'

/** The requests that a provider makes, recorded: the back-channel logouts that a sign-out sends, and no others. */
export function recordedFetch(callLog: CallLog): typeof fetchLoopback {
  return async (url, options) => {
    const ended = callLog.sent('logto', String(url), [['logout_token', '…']])
    try {
      const response = await fetchLoopback(url, options)
      ended({ status: response.status })
      return response
    } catch (error) {
      ended({ status: undefined, problem: error instanceof Error ? error.message : 'no answer' })
      throw error
    }
  }
}
